import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect } from "chai";
import { EmbeddedEngine, type RunResult } from "../../../lib/engine";
import { type Layout, layouts, manifest, noTypeScript, yaml } from "./layouts";

describe("a program's layout", function () {
    this.timeout(60_000);
    let folder: string;
    let project: string;
    let environment: NodeJS.ProcessEnv;
    const engine = (): EmbeddedEngine => new EmbeddedEngine({ folder: project, environment, stack: "dev" });

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "program-layout-"));
        project = join(folder, "project");
        environment = {
            PATH: process.env.PATH,
            HOME: folder,
            PULUMI_HOME: join(folder, "home"),
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "",
        };
        mkdirSync(join(folder, "state"));
        symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
        write({ "Pulumi.yaml": yaml() });
        await engine().createStack("dev");
    });
    beforeEach(() => rmSync(project, { recursive: true }));
    after(() => rmSync(folder, { recursive: true, force: true }));

    function write(files: Layout["files"]): void {
        for (const [path, content] of Object.entries(files)) {
            const file = join(project, path);
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, content);
        }
    }

    async function run(files: Layout["files"]): Promise<RunResult> {
        write(files);
        return await engine().preview();
    }

    for (const { title, files, outputs } of layouts) {
        it(`may be ${title}`, async () => {
            const result = await run(files);
            expect(result.messages.join("\n")).to.equal("");
            expect(result.succeeded).to.equal(true);
            expect(result.outputs).to.deep.equal(outputs);
        });
    }

    it("rejects a missing module without showing a data: URL", async () => {
        const result = await run({
            "Pulumi.yaml": yaml(noTypeScript),
            "package.json": manifest(),
            "index.js": 'require("not-installed/at-all");',
        });
        expect(result.succeeded).to.equal(false);
        expect(result.messages.join("\n"))
            .to.contain("Cannot find module 'not-installed/at-all'")
            .and.not.contain("data:");
    });
});
