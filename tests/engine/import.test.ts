import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";

const type = "bucket-encryption:index:BucketEncryption";
const provider = "pulumi:providers:bucket-encryption";

describe("pulumi-embedded import", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;
    beforeEach(async () => {
        cloud = await LocalCloud.start({ isStrict: true });
        cloud.createBucket({ name: "logs", encryption: { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" } });
        cloud.createBucket({ name: "photos", encryption: { sseAlgorithm: "SM4" } });
        cloud.createBucket({ name: "bare" });
        stack = await new BucketStack(cloud, "plugin").start();
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });

    const write = (name: string, text: string) => writeFileSync(path.join(stack.folder, name), text);
    /** Replaces the program by a printed one, which is a module of TypeScript. */
    const useProgram = (printed: string, before = "") =>
        write("index.js", before + printed.replace(/^import \* as (\w+) from (".*");$/gm, "const $1 = require($2);"));
    const programOf = (output: string) => output.slice(output.indexOf('import * as pulumi from "@pulumi/pulumi";'));
    const writes = () => cloud.journal.entries().filter(({ method }) => method !== "GET");
    const existing = (name: string) => `urn:pulumi:dev::test-stack::${type}::${name}`;

    it("adopts a resource, protected, and prints a program that deploys without a change and without a write", async () => {
        const output = await stack.succeed("import", type, "my-logs", "logs", "--yes");
        expect(output).to.include("= 1 to import").and.include("= 1 imported").and.include("marked as protected");
        expect(programOf(output)).to.equal(
            `import * as pulumi from "@pulumi/pulumi";
import * as bucket_encryption from "pulumi-bucket-encryption/native";

const my_logs = new bucket_encryption.BucketEncryption("my-logs", {
    bucket: "logs",
    kmsMasterKeyId: "key-1",
    sseAlgorithm: "KMS",
}, {
    protect: true,
});
`,
        );
        const [state] = stack.rules;
        expect(state).to.deep.include({ id: "logs", protect: true, refreshBeforeUpdate: true });
        expect(state?.inputs).to.deep.equal({ bucket: "logs", sseAlgorithm: "KMS", kmsMasterKeyId: "key-1" });
        expect(state).not.to.have.property("importID");
        const exported = await stack.engine().exportState();
        expect(exported).to.deep.include({ version: 4, features: ["refreshBeforeUpdate"] });
        useProgram(programOf(output));
        expect(await stack.previewedSteps()).to.deep.equal({});
        expect(await stack.deploy()).to.include("unchanged");
        expect(writes()).to.deep.equal([]);
        expect((await stack.engine().history())[1]).to.deep.include({ kind: "resource-import", result: "succeeded" });
    });

    it("adopts the resources of a file, with parents, an explicit provider, names and chosen properties", async () => {
        const before = `const pulumi = require("@pulumi/pulumi");
            const prov = new (require("pulumi-bucket-encryption/native").Provider)("prov", { region: "cn-hangzhou" });
            const box = new pulumi.ComponentResource("my:index:Box", "box");\n`;
        useProgram("", before.replace(/const box.*/, ""));
        await stack.deploy();
        const file = {
            nameTable: { prov: `urn:pulumi:dev::test-stack::${provider}::prov` },
            resources: [
                {
                    type,
                    name: "inner",
                    id: "photos",
                    parent: "box",
                    provider: "prov",
                    properties: ["bucket", "sseAlgorithm"],
                },
                { type: "my:index:Box", name: "box", component: true },
                { type, name: "outer", logicalName: 'the "logs"', id: "logs" },
            ],
        };
        write("import.json", JSON.stringify(file));
        const args = ["--yes", "--skip-preview", "--protect=false", "--out", "printed.ts"];
        const output = await stack.succeed("import", "--file", "import.json", ...args);
        expect(output).to.include("= 3 imported").and.not.include("import * as");
        const printed = readFileSync(path.join(stack.folder, "printed.ts"), "utf8");
        expect(printed)
            .to.include("{\n    parent: box,\n    provider: prov,\n}")
            .and.include('BucketEncryption("the \\"logs\\"", {');
        expect(stack.resource("inner")?.parent).to.equal("urn:pulumi:dev::test-stack::my:index:Box::box");
        expect(stack.resource("inner")?.provider).to.include("::prov::");
        useProgram(printed.replace(/^import \* as pulumi.*$/m, ""), before);
        expect(await stack.previewedSteps()).to.deep.equal({});
        await stack.deploy();
        expect(writes()).to.deep.equal([]);
    });

    it("imports nothing if the program cannot be written where it is wanted", async () => {
        const { status, stderr } = await stack.command("import", type, "logs", "logs", "--yes", "--out", ".");
        expect(status).to.equal(1);
        expect(stderr).to.include("The file cannot be written (EISDIR)");
        expect(stack.resources).to.deep.equal([]);
    });

    it("changes nothing in a preview, nor for a resource that is in the state under this id", async () => {
        await stack.succeed("import", type, "logs", "logs", "--yes", "--preview-only");
        expect(stack.resources).to.deep.equal([]);
        await stack.succeed("import", type, "logs", "logs", "--yes", "--skip-preview", "--generate-code=false");
        const before = stack.rules;
        const again = await stack.succeed("import", type, "logs", "logs", "--yes", "--skip-preview");
        expect(again).to.include("2 unchanged").and.include("const logs =");
        expect(again).not.to.include("= 1 imported");
        expect(stack.rules).to.deep.equal(before);
    });

    it("rejects a bucket without a rule, a missing bucket, a set, another id and a dynamic resource, and keeps the state", async () => {
        await stack.succeed("import", type, "logs", "logs", "--yes", "--skip-preview");
        const before = stack.rules;
        for (const [of, name, id, said] of [
            [type, "bare", "bare", "Cannot read the default encryption rule: the bucket has none"],
            [type, "lost", "lost", "Cannot read the default encryption rule: there is no such bucket"],
            [`${type}Set`, "fleet", "fleet", "sets cannot be imported"],
            [type, "logs", "photos", `resource '${existing("logs")}' already exists`],
            ["pulumi-nodejs:dynamic:Resource", "some", "id", "Dynamic resources cannot be imported with any engine"],
            ["nosuch:index:Thing", "some", "id", "The plugin pulumi-resource-nosuch was not found"],
        ] as const) {
            const { status, output } = await stack.command("import", of, name, id, "--yes", "--skip-preview");
            expect(status, output).to.equal(1);
            expect(output).to.include(said);
            expect(output).not.to.match(/^\s+at /m);
        }
        expect(stack.rules).to.deep.equal(before);
        expect(writes()).to.deep.equal([]);
    });

    it("rejects all faults of a file and of the command at once, before any request", async () => {
        const refused = async (resources: object[], ...said: string[]) => {
            write("import.json", JSON.stringify({ resources }));
            const { status, output } = await stack.command("import", "--file", "import.json", "--yes");
            expect(status, output).to.equal(1);
            for (const text of said) expect(output).to.include(text);
        };
        await refused(
            [
                { type, name: "a" },
                { name: "b", id: "c" },
                { type: "bogus", id: "c" },
            ],
            `resource 'a' of type '${type}' has no ID`,
            "resource 'b' has no type",
            "resource 'c' of type 'bogus' has no name",
            'import type "bogus" is not a valid resource type token',
        );
        await refused(
            [
                { type, name: "a", id: "a", parent: "lost", provider: "nowhere" },
                { type, name: "b", id: "b", parent: "c" },
                { type, name: "c", id: "c", parent: "b" },
                { type, name: "d", id: "d" },
                { type, name: "d", id: "e" },
            ],
            "the parent 'lost' for resource 'a'",
            "the provider 'nowhere' for resource 'a'",
            "its own parent or ancestor",
            `resource 'd' of type '${type}' has an ambiguous URN`,
        );
        await refused([], "no resources to import");
        const { status, output } = await stack.command("import", type, "a", "--yes");
        expect(status).to.equal(64);
        expect(output).to.include("missing id");
        expect(cloud.journal.entries()).to.deep.equal([]);
        expect(stack.resources).to.deep.equal([]);
    });
});
