import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { EmbeddedEngine } from "../../lib/engine";

const program = `const { BucketEncryption } = require("pulumi-bucket-encryption");
new BucketEncryption("logs", { bucket: "example-logs", sseAlgorithm: "AES256" });
new BucketEncryption("audit", { bucket: "example-audit", sseAlgorithm: "AES256" });`;

describe("a program whose provider process cannot load this package", function () {
    this.timeout(60_000);
    let folder: string;
    let project: string;

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "loadable-provider-"));
        project = join(folder, "project");
        mkdirSync(join(project, "node_modules"), { recursive: true });
        mkdirSync(join(folder, "state"));
        symlinkSync(resolve("node_modules/@pulumi"), join(project, "node_modules", "@pulumi"));
        write("Pulumi.yaml", "name: shop\nruntime:\n    name: nodejs\n    options:\n        typescript: false\n");
        write("package.json", '{ "name": "shop", "private": true }');
        await engine().createStack("dev");
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    function write(path: string, content: string): void {
        const file = join(project, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
    }

    const engine = (): EmbeddedEngine =>
        new EmbeddedEngine({
            folder: project,
            stack: "dev",
            environment: {
                PATH: process.env.PATH,
                HOME: folder,
                PULUMI_HOME: join(folder, "home"),
                PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
                PULUMI_CONFIG_PASSPHRASE: "",
            },
        });

    async function expectRefused(): Promise<void> {
        const { succeeded, steps, messages } = await engine().preview();
        expect(succeeded).to.equal(false);
        expect(steps.map(({ name }) => name)).to.deep.equal(["shop-dev"]);
        const text = messages.join("\n");
        expect(text)
            .to.contain(`cannot load pulumi-bucket-encryption/provider from the program's folder ${project}`)
            .and.contain("Add pulumi-bucket-encryption to the dependencies in the package.json of that folder")
            .and.contain("--external:pulumi-bucket-encryption");
        expect(text).to.not.match(/data:|Require stack/);
    }

    it("is refused before anything is deployed when only a component library depends on the package", async () => {
        write("node_modules/@acme/buckets/package.json", '{ "name": "@acme/buckets" }');
        write("node_modules/@acme/buckets/index.js", program);
        mkdirSync(join(project, "node_modules/@acme/buckets/node_modules"));
        symlinkSync(resolve("."), join(project, "node_modules/@acme/buckets/node_modules/pulumi-bucket-encryption"));
        write("index.js", 'require("@acme/buckets");');
        await expectRefused();
    });

    it("is refused before anything is deployed when the package is part of a bundle", async () => {
        write("source.js", program);
        buildSync({
            entryPoints: [join(project, "source.js")],
            outfile: join(project, "index.js"),
            bundle: true,
            platform: "node",
            external: ["@pulumi/*", "@aws-sdk/*"],
            alias: { "pulumi-bucket-encryption": resolve(".") },
            logLevel: "error",
        });
        await expectRefused();
    });
});
