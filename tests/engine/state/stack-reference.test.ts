import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { EmbeddedEngine } from "../../../lib/engine";
import { BackendFolder } from "../../../lib/engine/state/backend-folder";
import { CheckpointStore } from "../../../lib/engine/state/checkpoint-store";
import { nameFault, parseStackName, stackNameFault } from "../../../lib/engine/state/stack-reference";

const longest = "a".repeat(100);
const badNames = [
    "",
    ".",
    "..",
    "a/b",
    "a\\b",
    "a b",
    "a\0b",
    "a\n",
    "-a",
    "--yes",
    "a:b",
    "ä",
    `${longest}a`,
    "a%2f..",
    "~",
    "*",
];
const goodNames = ["dev", "dev.1", "...", ".hidden", "a-b", "_", "0", longest];

describe("a stack's name", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "names-"));
        mkdirSync(join(folder, "state"));
        writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const engine = (): EmbeddedEngine =>
        new EmbeddedEngine({
            folder,
            environment: {
                PULUMI_HOME: join(folder, "home"),
                PULUMI_BACKEND_URL: `file://${folder}/state`,
                PULUMI_CONFIG_PASSPHRASE: "",
            },
        });

    it("follows the CLI's rule, and names neither a folder nor an option", () => {
        for (const name of badNames) expect(nameFault(name), name).to.be.a("string");
        for (const name of goodNames) expect(nameFault(name), name).to.equal(undefined);
        expect(nameFault("a/b")).to.contain('found "/" at position 2');
    });

    it("may be given with the organization and the current project", () => {
        const stack = { project: "shop", name: "dev" };
        for (const text of ["dev", "organization/dev", "organization/shop/dev"])
            expect(parseStackName(text, "shop"), text).to.deep.equal(stack);
        for (const text of ["other/dev", "organization/foreign/dev", "organization/shop/dev/x", "organization/../dev"])
            expect(() => parseStackName(text, "shop"), text)
                .to.throw()
                .with.property("kind", "invalid-command");
        for (const text of ["..", "organization/..", "organization/../dev", "a//b", "a/b/c/d"])
            expect(stackNameFault(text), text).to.be.a("string");
        expect(stackNameFault("acme/shop/dev")).to.equal(undefined);
    });

    it("rejects a stack that would be a folder above, before anything is written or removed", async () => {
        const names = badNames.filter((name) => name !== "");
        for (const name of names) {
            const fault = await engine()
                .createStack(name)
                .catch((error: Error) => error);
            expect(fault, name).to.have.property("kind", "invalid-command");
        }
        expect(readdirSync(join(folder, "state", ".pulumi"))).to.deep.equal(["meta.yaml"]);
        for (const name of names)
            expect(() => engine().removeStack(name, true), name)
                .to.throw()
                .with.property("kind", "invalid-command");
    });

    it("rejects a project that would be a folder above", () => {
        for (const name of [".", "..", "a/b", "-p"]) {
            writeFileSync(join(folder, "Pulumi.yaml"), `name: "${name}"\nruntime: nodejs\n`);
            expect(() => engine(), name)
                .to.throw('"name" in the project file')
                .with.property("kind", "invalid-project");
        }
    });

    it("leads to no path outside the stack's own folders", () => {
        const backend = BackendFolder.open(`file://${folder}/state`, folder);
        for (const name of badNames) {
            for (const stack of [
                { project: "shop", name },
                { project: name, name: "dev" },
            ])
                for (const path of ["stackFile", "journalFile", "lockFolder", "historyFolder", "backupFolder"] as const)
                    expect(() => backend[path](stack), `${path} ${name}`).to.throw("is not a name");
        }
    });

    it("limits a removal to the stack's own history", () => {
        const backend = BackendFolder.open(`file://${folder}/state`, folder);
        const histories = ["dev", "prod"].map((name) => {
            const stack = { project: "shop", name };
            new CheckpointStore(backend, stack).write(undefined);
            mkdirSync(backend.historyFolder(stack), { recursive: true });
            mkdirSync(backend.backupFolder(stack), { recursive: true });
            return [backend.historyFolder(stack), backend.backupFolder(stack)];
        });
        const left = (): boolean[][] => histories.map((paths) => paths.map((path) => existsSync(path)));
        engine().removeStack("dev", false);
        expect(left()).to.deep.equal([
            [false, true],
            [true, true],
        ]);
        new CheckpointStore(backend, { project: "shop", name: "dev" }).write(undefined);
        engine().removeStack("dev", false, { removeBackups: true });
        expect(left()).to.deep.equal([
            [false, false],
            [true, true],
        ]);
        expect(backend.stacks("shop").map(({ name }) => name)).to.deep.equal(["prod"]);
    });
});
