import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { layouts } from "../../engine/program/layouts";
import { needCommands } from "../needed-tool";

/** The layouts that tests/engine/program holds pulumi-embedded to: the CLI is the measure. */
describe("a program's layout with the pulumi CLI", function () {
    this.timeout(300_000);
    let folder: string;
    let project: string;

    before(async function () {
        await needCommands(this, "pulumi");
        folder = mkdtempSync(path.join(tmpdir(), "program-layout-"));
        project = path.join(folder, "project");
        mkdirSync(path.join(folder, "state"));
        symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"));
    });
    afterEach(() => rmSync(project, { recursive: true, force: true }));
    after(() => {
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    function pulumi(...args: string[]): string {
        const { status, stdout, stderr } = spawnSync("pulumi", [...args, "--non-interactive", "--color", "never"], {
            cwd: project,
            encoding: "utf8",
            env: {
                PATH: process.env.PATH,
                HOME: folder,
                PULUMI_HOME: path.join(folder, "home"),
                PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
                PULUMI_CONFIG_PASSPHRASE: "",
                PULUMI_SKIP_UPDATE_CHECK: "true",
            },
        });
        expect(status, stdout + stderr).to.equal(0);
        return stdout;
    }

    for (const [index, { title, files, outputs }] of layouts.entries()) {
        it(`may be ${title}`, () => {
            for (const [name, content] of Object.entries(files)) {
                const file = path.join(project, name);
                mkdirSync(path.dirname(file), { recursive: true });
                writeFileSync(file, content);
            }
            pulumi("stack", "init", `stack-${index}`);
            pulumi("up", "--yes", "--skip-preview");
            expect(JSON.parse(pulumi("stack", "output", "--json"))).to.deep.equal(outputs);
        });
    }
});
