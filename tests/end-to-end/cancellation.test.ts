import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { skipBecause } from "../skip-because";
import { BucketStack } from "../stacks/bucket-stack";

const rule = { sseAlgorithm: "AES256" };

for (const engine of ["pulumi-embedded", "the pulumi command"] as const) {
    describe(`a deployment by ${engine} that is cancelled`, function () {
        this.timeout(120_000);
        let cloud: LocalCloud;
        let stack: BucketStack;
        beforeEach(async function () {
            cloud = await LocalCloud.start({ isStrict: true });
            stack = await new BucketStack(cloud).start();
            if (engine === "the pulumi command" && !stack.useRealEngine())
                skipBecause(this, "there is no pulumi on the PATH");
        });
        afterEach(async () => {
            stack.remove();
            await cloud.stop();
        });
        const operations = () =>
            cloud.journal.entries().map(({ operation }) => operation?.replace("BucketEncryption", ""));
        const written = (names: readonly string[]) => names.filter((name) => cloud.bucketRule(name) !== undefined);
        /** Cancels a deployment while the answers to this number of writes are under way. */
        const cancelledWhileWriting = async (buckets: readonly string[], count: number) => {
            const answerLate = { kind: "latency", operation: "PutBucketEncryption", milliseconds: 5_000 } as const;
            const end = cloud.faults.add(answerLate);
            const { child, ended } = stack.begin("up", "--yes", "--skip-preview");
            while (written(buckets).length < count) await delay(10);
            child.kill("SIGINT");
            const result = await ended;
            end();
            return result;
        };

        it("ends with the request under way, keeps the rule as not ready, and is finished by the next one", async () => {
            cloud.createBucket({ name: "example-logs" });
            stack.declare({ logs: { bucket: "example-logs", ...rule } });
            const { status, output } = await cancelledWhileWriting(["example-logs"], 1);
            expect(status).to.not.equal(0);
            expect(output).to.include("The operation was cancelled before this resource was finished");
            expect(operations(), "not read back").to.deep.equal(["Get", "Put"]);
            const [kept] = stack.rules;
            expect(kept?.outputs).to.include({ ...rule, unconfirmed: true });

            cloud.journal.clear();
            await stack.deploy();
            // The plugin's reading before the operation confirms the write.
            expect(operations()).to.deep.equal(stack.kind === "plugin" ? ["Get"] : ["Put", "Get"]);
            const [finished] = stack.rules;
            expect(finished?.outputs).to.include(rule).and.not.have.property("unconfirmed");
        });

        it("begins no further bucket of a set, and keeps those that it wrote", async () => {
            const buckets = Array.from({ length: 100 }, (_, index) => `example-${index}`);
            for (const name of buckets) cloud.createBucket({ name });
            writeFileSync(
                path.join(stack.folder, "index.js"),
                `const { BucketEncryptionSet } = require("${stack.module}");
                new BucketEncryptionSet("fleet", ${JSON.stringify({ buckets, ...rule })});`,
            );
            const { status, output } = await cancelledWhileWriting(buckets, 32);
            expect(status).to.not.equal(0);
            expect(output).to.include("68 were not started, since the operation was cancelled");
            expect(written(buckets)).to.have.length(32);
            expect(cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(32);

            await stack.deploy();
            expect(written(buckets)).to.have.length(100);
            // The unconfirmed ones again, unless the plugin's reading before the operation has confirmed them.
            expect(cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(
                stack.kind === "plugin" ? 100 : 132,
            );
        });
    });
}
