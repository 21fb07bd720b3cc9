import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack, kindsUnderTest } from "../stacks/bucket-stack";

for (const kind of kindsUnderTest)
    describe(`a bucket with two resources, of which an operation selects one (${kind})`, () => {
        let cloud: LocalCloud;
        let stack: BucketStack;
        const declared = { bucket: "logs", sseAlgorithm: "KMS" };
        beforeEach(async () => {
            cloud = await LocalCloud.start({ isStrict: true });
            cloud.createBucket({ name: "logs" });
            stack = new BucketStack(cloud, kind);
            await stack.engine().createStack("dev");
            stack.declare({ one: declared, other: { ...declared, options: { protect: true } } });
            await stack.deploy();
        });
        afterEach(async () => {
            stack.remove();
            await cloud.stop();
        });

        const urnOf = (name: string) => stack.resource(name)?.urn ?? name;
        const rest = () => stack.declare({ other: declared });
        const deletions: readonly (readonly [flags: string, work: () => Promise<string>])[] = [
            ["up --target", () => rest().deploy("--target", urnOf("one"))],
            ["up --exclude", () => rest().deploy("--exclude", urnOf("other"))],
            [
                "destroy --exclude-protected",
                () => stack.succeed("destroy", "--yes", "--skip-preview", "--exclude-protected"),
            ],
        ];
        for (const [flags, work] of deletions)
            it(`loses its rule by ${flags}; the next reading shows that, and the rule is written again`, async () => {
                await work();
                expect(cloud.bucketRule("logs")).to.equal(undefined);
                expect(stack.rules.map(({ urn }) => urn.split("::").at(-1))).to.deep.equal(["other"]);
                const output = await rest().deploy(...(kind === "dynamic" ? ["--refresh"] : []));
                expect(output).to.include(
                    "the rule of bucket logs was changed outside this stack: KMS with the service's key → no rule",
                );
                expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "KMS" });
            });

        it("keeps it where the whole stack is deployed", async () => {
            await rest().deploy();
            expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "KMS" });
        });
    });
