import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack, kindsUnderTest } from "../stacks/bucket-stack";

/** What the stack declares for its resource and its set. */
interface Declared {
    readonly existingRule: "adopt" | "fail";
    readonly options?: object;
}

for (const kind of kindsUnderTest)
    describe(`a forced replacement of resources with existingRule "fail" (${kind})`, () => {
        let cloud: LocalCloud;
        let stack: BucketStack;
        beforeEach(async () => {
            cloud = await LocalCloud.start({ isStrict: true });
            for (const name of ["logs", "audit"]) cloud.createBucket({ name });
            stack = new BucketStack(cloud, kind);
            await stack.engine().createStack("dev");
            await up({ existingRule: "fail" });
        });
        afterEach(async () => {
            stack.remove();
            await cloud.stop();
        });

        const run = (verb: "preview" | "up", { existingRule, options = {} }: Declared, flags: object = {}) => {
            const args = { sseAlgorithm: "KMS", existingRule };
            writeFileSync(
                path.join(stack.folder, "index.js"),
                `const { BucketEncryption, BucketEncryptionSet } = require("${stack.module}");
                const [args, options] = ${JSON.stringify([args, options])};
                new BucketEncryption("single", { ...args, bucket: "logs" }, options);
                new BucketEncryptionSet("set", { ...args, buckets: ["audit"] }, options);`,
            );
            return stack.run(verb, { continueOnError: true, ...flags });
        };
        const up = async (declared: Declared, flags: object = {}) => {
            const summary = await run("up", declared, flags);
            expect(summary.result.succeeded, summary.messages.join("\n")).to.equal(true);
            return summary.steps;
        };
        const rules = () => ["logs", "audit"].map((bucket) => cloud.bucketRule(bucket)?.sseAlgorithm);

        const all = { replace: ["**BucketEncryption**"] };
        const first = { replacementTrigger: "first" };
        for (const [by, before, options, flags] of [
            ["--replace", {}, {}, all],
            ["--replace, which deletes first", { deleteBeforeReplace: true }, { deleteBeforeReplace: true }, all],
            ["a trigger", first, { replacementTrigger: "second" }, {}],
        ] as const)
            it(`by ${by} is refused with a cure, and done with "adopt" and without a write`, async () => {
                await up({ existingRule: "fail", options: before });
                for (const verb of ["preview", "up"] as const) {
                    const { result, messages } = await run(verb, { existingRule: "fail", options }, flags);
                    expect(result.succeeded).to.equal(false);
                    for (const bucket of ["logs", "audit"]) {
                        const refused = messages.filter(
                            (text) => text.includes("rule already") && text.includes(bucket),
                        );
                        expect(refused.join("\n")).to.include(
                            'If this stack wrote the rule and replaces the resource, set `existingRule` to "adopt" until that is deployed.',
                        );
                    }
                    expect(rules()).to.deep.equal(["KMS", "KMS"]);
                }
                cloud.journal.clear();
                expect(await up({ existingRule: "adopt", options }, flags)).to.include.members([
                    "create-replacement single",
                    "create-replacement set",
                ]);
                expect(cloud.journal.entries().map(({ operation }) => operation)).to.satisfy((made: string[]) =>
                    made.every((operation) => operation === "GetBucketEncryption"),
                );
                const after = await up({ existingRule: "fail", options });
                expect(after.filter((step) => !step.startsWith("refresh"))).to.deep.equal([]);
                expect(rules()).to.deep.equal(["KMS", "KMS"]);
            });
    });
