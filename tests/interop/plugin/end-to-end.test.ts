import { expect } from "chai";
import { endToEndFiles, runTestFiles } from "../test-files";

describe("the end-to-end suite with resources of the plugin", function () {
    this.timeout(1_200_000);
    this.retries(0);

    it("passes in pulumi-embedded, with only Node", async () => {
        const files = endToEndFiles();
        expect(files.length).to.be.greaterThan(9);
        const { status, output } = await runTestFiles(files, { RESOURCE_KIND: "plugin", TEST_ENGINE: undefined });
        expect(status, output).to.equal(0);
        expect(output).to.match(/[1-9]\d* passed, 0 failed/);
    });
});
