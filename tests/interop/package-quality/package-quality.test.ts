import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { installedTools } from "../installed-tools";
import { needed } from "../needed-tool";
import { packedPackage } from "../packed-package";

describe("the packed package, as judges of packages see it", function () {
    this.timeout(300_000);
    let tools: string;
    let tarball: string;

    before(async function () {
        await needed(this, async () => {
            tools = await installedTools(__dirname);
            tarball = packedPackage(path.join(tools, "packed"));
        });
    });
    after(() => {
        if (tools !== undefined) rmSync(path.join(tools, "packed"), { recursive: true, force: true });
    });

    function judged(script: string, ...args: readonly string[]): { status: number | null; output: string } {
        const file = path.join(tools, "node_modules", ...script.split("/"));
        const options = { cwd: tools, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } } as const;
        const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], options);
        return { status, output: `${stdout}${stderr}` };
    }

    it("is clean by publint, suggestions included", () => {
        const { status, output } = judged("publint/src/cli.js", "--strict", tarball);
        expect(output).to.include("All good!").and.not.to.include("Suggestions");
        expect(status).to.equal(0);
    });

    it("has types that resolve in every way of resolving, by arethetypeswrong", () => {
        const { status, output } = judged("@arethetypeswrong/cli/dist/index.js", "--profile", "strict", tarball);
        expect(output).to.include("No problems found").and.to.include("pulumi-bucket-encryption/testing");
        expect(status).to.equal(0);
    });
});
