import path from "node:path";
import { expect } from "chai";
import { resourceKinds } from "../../stacks/bucket-stack";
import { packageRoot } from "../../stacks/test-project";
import { needCommands } from "../needed-tool";
import { endToEndFiles, runTestFiles } from "../test-files";

// In the documentation's shell blocks and the examples' pipelines `pulumi` is then the real one.
const others = [
    path.join(packageRoot, "tests", "documentation", "shell-blocks.test.ts"),
    path.join(packageRoot, "tests", "interop", "pipelines", "pipelines.test.ts"),
];

describe("the pulumi CLI on the PATH", function () {
    this.timeout(1_800_000);
    this.retries(0);

    before(async function () {
        await needCommands(this, "pulumi");
    });

    const passes = (file: string, kind: string) => async () => {
        const { status, output } = await runTestFiles([file], { TEST_ENGINE: "pulumi", RESOURCE_KIND: kind });
        expect(status, output).to.equal(0);
        expect(output).to.match(/[1-9]\d* passed, 0 failed/);
    };
    for (const file of endToEndFiles())
        for (const kind of resourceKinds)
            it(`passes ${path.relative(packageRoot, file)} (${kind})`, passes(file, kind));
    for (const file of others) it(`passes ${path.relative(packageRoot, file)}`, passes(file, "dynamic"));
});
