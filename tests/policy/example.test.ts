import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";

const root = path.join(__dirname, "..", "..");
const example = path.join(root, "examples", "policy");
const buckets = ["policy-payments", "policy-logs", "policy-archive", "policy-reports"];

describe("examples/policy", function () {
    this.timeout(120_000);
    const name = `example-${process.pid}`;
    let cloud: LocalCloud;
    let stack: BucketStack;

    before(async () => {
        cloud = await LocalCloud.start();
        for (const bucket of buckets) cloud.createBucket({ name: bucket });
        // For its environment and its folder of state; the program is the example's.
        stack = new BucketStack(cloud);
        expect((await run("stack", "init", name)).status).to.equal(0);
    });
    after(async () => {
        stack.remove();
        rmSync(path.join(example, `Pulumi.${name}.yaml`), { force: true });
        await cloud.stop();
    });

    async function run(...args: string[]): Promise<{ status: number; output: string }> {
        const command = [path.join(root, "dist", "cli", "pulumi-embedded.js"), ...args];
        const flags = ["--cwd", "examples/policy", "--non-interactive", "--color", "never"];
        const child = spawn(process.execPath, [...command, ...flags], { cwd: root, env: stack.environment });
        const [output, errors, [status]] = await Promise.all([
            text(child.stdout),
            text(child.stderr),
            once(child, "close"),
        ]);
        return { status, output: output + errors };
    }
    const under = (config: string) => [
        "--stack",
        name,
        "--policy-pack",
        "../../lib/policy/pack",
        "--policy-pack-config",
        config,
    ];
    const violationsIn = (output: string) => output.match(/\[mandatory\].* \S+ {2}\(\S+ \S+\)/g) ?? [];

    it("is refused under policies.json, with every violation named", async () => {
        const { status, output } = await run("preview", ...under("policies.json"));
        expect(status, output).to.equal(1);
        expect(violationsIn(output)).to.have.length(3);
        for (const policy of ["allowed-algorithms", "customer-key-required", "keep-rule-on-delete"])
            expect(output).to.match(new RegExp(`\\[mandatory\\].* ${policy} .*: logs\\)`));
    });

    it("is corrected under remediate.json, except for a key that is not allowed", async () => {
        const mended = await run("up", "--yes", "--skip-preview", ...under("remediate.json"));
        expect(mended.status, mended.output).to.equal(0);
        const given = { sseAlgorithm: "KMS", kmsMasterKeyId: "alias/buckets" };
        expect(buckets.map((bucket) => cloud.bucketRule(bucket))).to.deep.equal([
            given,
            { ...given, kmsDataEncryption: "SM4" },
            { sseAlgorithm: "AES256" },
            undefined,
        ]);
        stack.environment = { ...stack.environment, WITH_FOREIGN_KEY: "true" };
        const refused = await run("up", "--yes", "--skip-preview", ...under("remediate.json"));
        expect(refused.status, refused.output).to.equal(1);
        expect(refused.output).to.contain("is none of the allowed keys");
        expect(cloud.bucketRule("policy-reports")).to.equal(undefined);
    });
});
