import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { KeptRollout } from "../../../lib/rollout/temporal/place/kept-rollout";
import { openSharedPlace } from "../../../lib/rollout/temporal/place/open-shared-place";
import { readByDigest, type SharedPlace, writeByDigest } from "../../../lib/rollout/temporal/place/shared-place";

describe("the shared place of a rollout", () => {
    let folder: string;
    let cloud: LocalCloud;
    // Credentials come from the process's own environment.
    const { ALIBABA_CLOUD_ACCESS_KEY_ID: id, ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret } = process.env;
    const setKey = (keyId: string | undefined, keySecret: string | undefined): void => {
        const values = { ALIBABA_CLOUD_ACCESS_KEY_ID: keyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: keySecret };
        for (const [name, value] of Object.entries(values))
            if (value === undefined) delete process.env[name];
            else process.env[name] = value;
    };

    before(async () => {
        folder = mkdtempSync(path.join(tmpdir(), "shared-place-"));
        cloud = await LocalCloud.start();
        cloud.createBucket({ name: "example-rollouts" });
        setKey("local-key-id", "local-key-secret");
    });
    after(async () => {
        setKey(id, secret);
        await cloud.stop();
        rmSync(folder, { recursive: true });
    });

    const kinds: readonly (readonly [string, () => SharedPlace])[] = [
        ["a folder", () => openSharedPlace(path.join(folder, "shared"), {})],
        [
            "a bucket of OSS",
            () => openSharedPlace("oss://example-rollouts/production/rollouts/", { OSS_ENDPOINT: cloud.url }),
        ],
    ];
    for (const [kind, open] of kinds)
        it(`keeps whole texts in ${kind}, and says when there is none`, async () => {
            const place = open();
            // Longer than any answer about a rule may be.
            const text = `{"name":"ä\u{1f511}"}${" ".repeat(1_500_000)}`;
            await place.write("plans/one.json", text);
            expect(await place.read("plans/one.json")).to.equal(text);
            await place.write("plans/one.json", "{}");
            expect(await place.read("plans/one.json")).to.equal("{}");
            expect(await place.read("plans/two.json")).to.equal(undefined);
        });

    it("writes below the prefix of a bucket", async () => {
        const whole = openSharedPlace("oss://example-rollouts", { OSS_ENDPOINT: cloud.url });
        expect(await whole.read("production/rollouts/plans/one.json")).to.equal("{}");
    });

    it("leaves no draft in a folder, and rejects a folder that cannot be written with the file", async () => {
        await openSharedPlace(path.join(folder, "tidy"), {}).write("a/b", "text");
        expect(readdirSync(path.join(folder, "tidy", "a"))).to.deep.equal(["b"]);
        writeFileSync(path.join(folder, "file"), "");
        const given = await openSharedPlace(path.join(folder, "file"), {})
            .write("a/b", "text")
            .catch((error) => error);
        expect(given).to.include({ kind: "shared-place-failed" });
        expect(given.message).to.match(/^The rollout's shared place cannot be written \(E[A-Z]+\) \(.*file\/a\/b\)\. /);
    });

    it("keeps objects in a bucket of S3", async () => {
        const s3 = mockClient(S3Client);
        const missing = Object.assign(new Error("The specified key does not exist."), {
            name: "NoSuchKey",
            Code: "NoSuchKey",
            $metadata: { httpStatusCode: 404 },
        });
        s3.on(PutObjectCommand).resolves({});
        s3.on(GetObjectCommand).rejects(missing);
        try {
            const place = openSharedPlace("s3://example-rollouts/rollouts", { AWS_REGION: "eu-central-1" });
            await place.write("plans/one.json", "{}");
            expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).to.deep.equal({
                Bucket: "example-rollouts",
                Key: "rollouts/plans/one.json",
                Body: "{}",
            });
            expect(await place.read("plans/one.json")).to.equal(undefined);
        } finally {
            s3.restore();
        }
    });

    it("refuses a text that does not have its digest", async () => {
        const place = openSharedPlace(path.join(folder, "digests"), {});
        const digest = await writeByDigest(place, "ends", "the end");
        expect(await readByDigest(place, "ends", digest)).to.equal("the end");
        await place.write(`ends/${digest}`, "another end");
        expect(await readByDigest(place, "ends", digest)).to.equal(undefined);
    });

    it("gives the log of a rollout, and rejects a part whose records cannot be read, with its file", async () => {
        const place = openSharedPlace(path.join(folder, "log"), {});
        const kept = new KeptRollout(place, "plan");
        const begun = { kind: "wave-begun", at: "2026-11-28T00:00:00Z", wave: "one" } as const;
        await kept.writeLog(0, [begun]);
        expect(await kept.readLog()).to.deep.equal([[begun]]);
        const faults = {
            null: "the document must be a list, found empty",
            "[null]": '"[0]" must be a map, found empty',
            '[{"kind": "shard-ended", "at": ""}]': '"[0]" has no "shard"',
        };
        for (const [text, fault] of Object.entries(faults)) {
            await place.write("rollouts/plan/000001.json", text);
            const refusal = await kept.readLog().then(
                () => "nothing",
                ({ kind, message }) => `${kind}: ${message}`,
            );
            expect(refusal).to.include("rollout-journal-damaged: A part of the rollout's log in ").and.include(fault);
            expect(refusal).to.include("(file rollouts/plan/000001.json)");
        }
    });
});
