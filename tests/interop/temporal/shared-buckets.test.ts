import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { RolloutReport } from "../../../lib/rollout";
import { needed } from "../needed-tool";
import { keys, Moto } from "../s3/moto";
import { type TemporalTools, temporalTools } from "./temporal-environment";
import { TemporalRollout } from "./temporal-rollout";

describe("a rollout on Temporal whose shared place is a bucket", function () {
    this.timeout(600_000);
    let tools: TemporalTools;
    let temporal: TemporalRollout;
    before(async function () {
        tools = await needed(this, temporalTools);
    });
    beforeEach(async () => {
        temporal = await TemporalRollout.create(tools, [1, 1]);
    });
    afterEach(async () => await temporal.dispose());

    /** Workers and commands see the same: there is no folder beside the bucket. */
    async function expectRolledOut(): Promise<void> {
        const { rollout } = temporal;
        const report = JSON.parse((await temporal.command("report", "--json")).stdout) as RolloutReport;
        expect(report.state).to.equal("completed");
        expect(report.totals.stacks).to.include({ deployed: 2, failed: 0 });
        expect((await temporal.command("status")).stdout).to.contain("stacks: 2 deployed");
        expect(rollout.writes()).to.deep.equal({ "account-1-bucket-1": 1, "account-2-bucket-1": 1 });
        expect(existsSync(path.join(rollout.folder, "shared"))).to.equal(false);
    }

    it("runs with a bucket of OSS, also while the service is busy, and rejects one that does not exist", async () => {
        const { rollout } = temporal;
        rollout.environment = { ...rollout.environment, OSS_REGION: "cn-hangzhou" };
        temporal.describeTwoWaves("oss://rollout-place/production/rollouts");
        await rollout.plan();
        const without = await temporal.command("run", "--yes");
        expect([without.status, without.stdout]).to.deep.equal([1, ""]);
        expect(without.stderr).to.match(
            /^error: Cannot read an object of the rollout's shared place: there is no such bucket; .* \(bucket rollout-place, /,
        );
        rollout.cloud.createBucket({ name: "rollout-place", region: "cn-hangzhou", accountId: "1000000000000001" });
        expect((await temporal.command("run", "--yes", "--detach")).status).to.equal(0);
        // More than the client of one attempt repeats.
        const busy = { kind: "status", status: 503, code: "ServiceUnavailable", count: 8 } as const;
        rollout.cloud.faults.add({ ...busy, operation: "PutObject", bucket: "rollout-place" });
        await temporal.worker();
        const paused = async (): Promise<boolean> => (await temporal.command("status")).stdout.includes("paused");
        while (!(await paused())) await delay(500);
        const resumed = await temporal.command("resume", "--yes");
        expect(resumed.status, `${resumed.stdout}${resumed.stderr}`).to.equal(0);
        await expectRolledOut();
        const answers = rollout.cloud.journal.entries().filter(({ bucket }) => bucket === "rollout-place");
        expect(answers.filter(({ status }) => status === 503)).to.have.length(8);
    });

    it("runs with a bucket of S3", async function () {
        const moto = await needed(this, () => Moto.start());
        try {
            await moto.createBucket("rollout-place");
            const { rollout } = temporal;
            rollout.environment = {
                ...rollout.environment,
                AWS_ACCESS_KEY_ID: keys.accessKeyId,
                AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
                AWS_ENDPOINT_URL_S3: moto.url,
                AWS_REGION: "us-east-1",
            };
            temporal.describeTwoWaves("s3://rollout-place/production");
            await rollout.plan();
            await temporal.worker();
            const ran = await temporal.command("run", "--yes");
            expect(ran.status, `${ran.stdout}${ran.stderr}`).to.equal(0);
            expect(ran.stdout).to.match(/paused after wave canary[\s\S]*account-2: deployed[\s\S]*completed/);
            await expectRolledOut();
            const listed = await moto.client.send(new ListObjectsV2Command({ Bucket: "rollout-place" }));
            const folders = (listed.Contents ?? []).map(({ Key = "" }) => Key.split("/").slice(0, 2).join("/"));
            expect([...new Set(folders)].sort()).to.deep.equal(
                ["ends", "plans", "records", "rollouts"].map((name) => `production/${name}`),
            );
        } finally {
            await moto.stop();
        }
    });
});
