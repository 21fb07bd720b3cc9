import { execFile } from "node:child_process";
import { once } from "node:events";
import {
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { changedBy, expectWholeLife } from "../../examples/whole-life";
import { needCommands, needed, ToolUnavailable } from "../needed-tool";

const root = path.join(__dirname, "..", "..", "..");
const command = path.join(root, "dist", "cli", "bucket-encryption.js");
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
const run = promisify(execFile);

describe("the plugin with the pulumi command", function () {
    this.timeout(600_000);
    let cloud: LocalCloud;
    let folder: string;
    let environment: NodeJS.ProcessEnv;
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        for (const name of ["example-logs", "example-invoices", "example-reports", "example-archive"]) {
            cloud.createBucket({ name });
        }
        cloud.setBucketRule("example-archive", { sseAlgorithm: "AES256" });
        folder = mkdtempSync(path.join(tmpdir(), "plugin-languages-"));
        mkdirSync(path.join(folder, "state"));
        environment = {
            ...process.env,
            PULUMI_HOME: path.join(folder, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(path.join(folder, "state")).href,
            PULUMI_CONFIG_PASSPHRASE: "a passphrase",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            OSS_ENDPOINT: cloud.url,
            OSS_REGION: "cn-hangzhou",
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
        };
    });
    afterEach(async () => {
        rmSync(folder, { recursive: true, force: true });
        await cloud.stop();
    });

    const inProject = async (command: string, ...args: string[]): Promise<string> => {
        const { stdout, stderr } = await run(command, args, { cwd: path.join(folder, "project"), env: environment });
        return stdout + stderr;
    };
    const pulumi = (...args: string[]) => inProject("pulumi", ...args, "--non-interactive", "--color", "never");
    const project = (name: string) =>
        cpSync(path.join(root, "examples", name), path.join(folder, "project"), { recursive: true });

    /** Deploys, changes nothing, repairs drift in a plain `up`, and has the whole life of an example. */
    const deploys = async () => {
        await pulumi("stack", "init", "dev");
        expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/\+ 3 created/);
        expect(JSON.parse(await pulumi("stack", "output", "--json"))).to.deep.equal({
            logs: "KMS",
            buckets: 2,
            archive: "AES256",
        });
        cloud.journal.clear();
        expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/3 unchanged/);
        // One reading for each bucket, and the lookup.
        expect([cloud.journal.count({ operation: "GetBucketEncryption" }), cloud.journal.count()]).to.deep.equal([
            4, 4,
        ]);
        cloud.setBucketRule("example-logs", { sseAlgorithm: "AES256" });
        expect(await pulumi("preview", "--diff")).to.match(/~ sseAlgorithm *: "AES256" => "KMS"/);
        expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/~ 1 updated/);
        const deployed = ["--yes", "--skip-preview"];
        await expectWholeLife(
            {
                cloud,
                up: async (refresh) => void (await pulumi("up", ...deployed, ...(refresh ? ["--refresh"] : []))),
                preview: async () => changedBy(await pulumi("preview", "--json", "--refresh")),
                destroy: async () => void (await pulumi("destroy", ...deployed)),
            },
            {
                rules: {
                    "example-logs": { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" },
                    "example-invoices": { sseAlgorithm: "KMS" },
                    "example-reports": { sseAlgorithm: "AES256" },
                },
                drifting: "logs",
                // By default, a set keeps the rules of its buckets.
                kept: ["example-invoices", "example-reports"],
            },
        );
    };

    it("deploy, drift, are reconciled and destroyed: yaml; and it imports what the program declares", async function () {
        await needCommands(this, "pulumi", "pulumi-language-yaml");
        project("yaml");
        const file = path.join(folder, "project", "Pulumi.yaml");
        writeFileSync(file, readFileSync(file, "utf8").replace("../../plugin", path.join(root, "plugin")));
        await deploys();
        const type = "bucket-encryption:index:BucketEncryption";
        const printed = await pulumi("import", type, "archive", "example-archive", "--yes");
        expect(printed).to.include("bucket: example-archive").and.include("sseAlgorithm: AES256");
    });

    it("deploy, drift, are reconciled and destroyed: python; with the installed plugin and the module that the schema makes", async function () {
        await needCommands(this, "pulumi", "pulumi-language-python", "python3");
        project("python");
        expect(await inProject(process.execPath, command, "plugin", "install")).to.include("Installed the plugin");
        await inProject("python3", "-m", "venv", "venv");
        await needed(this, async () => {
            const pip = inProject(path.join("venv", "bin", "pip"), "install", "--quiet", "-r", "requirements.txt");
            await pip.catch((error) => {
                throw new ToolUnavailable(`the SDK for Python cannot be installed: ${error}`);
            });
        });
        await pulumi("package", "add", `bucket-encryption@${version}`);
        await deploys();
    });

    it("deploys the documented Go program with the installed plugin and the package that the schema makes", async function () {
        await needCommands(this, "pulumi", "pulumi-language-go", "go");
        mkdirSync(path.join(folder, "project"));
        const write = (name: string, text: string) => writeFileSync(path.join(folder, "project", name), text);
        const [, program = ""] =
            /```go\n(.*?)```/s.exec(readFileSync(path.join(root, "docs", "plugin.md"), "utf8")) ?? [];
        write("main.go", program);
        write("Pulumi.yaml", "name: encrypted\nruntime: go\n");
        // What `pulumi new go` writes, with the version of the SDK that the machine has.
        write("go.mod", "module encrypted\n\ngo 1.25\n\nrequire github.com/pulumi/pulumi/sdk/v3 v3.247.0\n");
        cloud.createBucket({ name: "my-logs" });
        await inProject(process.execPath, command, "plugin", "install");
        await needed(this, async () => {
            try {
                await pulumi("package", "add", `bucket-encryption@${version}`);
                await inProject("go", "build", "-o", path.join(folder, "program"), ".");
            } catch (error) {
                if (!/dial tcp|no such host/.test(String(error))) throw error;
                throw new ToolUnavailable(`no module proxy can be reached: ${error}`);
            }
        });
        await pulumi("stack", "init", "dev");
        expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/\+ 2 created/);
        expect(cloud.bucketRule("my-logs")).to.deep.equal({ sseAlgorithm: "KMS" });
        cloud.setBucketRule("my-logs", { sseAlgorithm: "AES256" });
        expect(await pulumi("preview", "--diff")).to.match(/~ sseAlgorithm *: "AES256" => "KMS"/);
        expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/~ 1 updated/);
        expect(await pulumi("destroy", "--yes", "--skip-preview")).to.match(/- 2 deleted/);
        expect(cloud.bucketRule("my-logs")).to.equal(undefined);
    });

    it("deploys after `pulumi package add` with the path in an npm project, which its name as a Node package prevents for Node", async function () {
        await needCommands(this, "pulumi", "pulumi-language-yaml", "npm");
        const modules = path.join(folder, "project", "node_modules");
        const plugin = path.join(modules, "pulumi-bucket-encryption", "plugin");
        // A copy, because the command runs `npm install` in the folder.
        cpSync(path.join(root, "plugin"), plugin, { recursive: true });
        for (const name of readdirSync(path.join(root, "node_modules")))
            if (name !== "pulumi-bucket-encryption")
                symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
        const write = (name: string, text: string) => writeFileSync(path.join(folder, "project", name), text);
        const place = "./node_modules/pulumi-bucket-encryption/plugin";
        const resource =
            "{ type: bucket-encryption:BucketEncryption, properties: { bucket: example-logs, sseAlgorithm: SM4 } }";
        write("Pulumi.yaml", `name: added\nruntime: yaml\nresources:\n  logs: ${resource}\n`);
        await pulumi("package", "add", place);
        expect(readFileSync(path.join(folder, "project", "Pulumi.yaml"), "utf8")).to.include(
            `bucket-encryption: ${place}`,
        );
        await pulumi("stack", "init", "dev");
        expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/\+ 2 created/);
        expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "SM4" });
        write("Pulumi.yaml", "name: added\nruntime: nodejs\n");
        write("package.json", JSON.stringify({ name: "added", private: true }));
        const failure = await pulumi("package", "add", place).catch(({ stderr, stdout }) => `${stdout}${stderr}`);
        expect(failure).to.include("EINVALIDPACKAGENAME").and.include("pulumi-bucket-encryption/native");
    });

    it("installs and deploys from a plugin server that has what `plugin pack` writes", async function () {
        await needCommands(this, "pulumi", "pulumi-language-yaml");
        const packed = path.join(folder, "server");
        mkdirSync(path.join(folder, "project"));
        await inProject(process.execPath, command, "plugin", "pack", "--output", packed);
        const asked: string[] = [];
        const server = createServer((request, response) => {
            asked.push(String(request.url));
            const file = path.join(packed, path.basename(String(request.url)));
            if (existsSync(file)) response.end(readFileSync(file));
            else response.writeHead(404).end();
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/plugins`;
        const installed = path.join(folder, "home", "plugins", `resource-bucket-encryption-v${version}`);
        const program = (resource: string) =>
            writeFileSync(
                path.join(folder, "project", "Pulumi.yaml"),
                `name: served\nruntime: yaml\nresources:\n  logs:\n    type: bucket-encryption:BucketEncryption\n    properties: { bucket: example-logs, sseAlgorithm: KMS }\n${resource}`,
            );
        try {
            const install = ["plugin", "install", "resource", "bucket-encryption", version, "--server", url];
            await pulumi(...install);
            expect(asked.at(-1)).to.match(/^\/plugins\/pulumi-resource-bucket-encryption-v0\.1\.0-\w+-\w+\.tar\.gz$/);
            expect(readdirSync(installed)).to.include.members(["pulumi-resource-bucket-encryption", "provider.js"]);
            expect(readdirSync(installed)).not.to.include("PulumiPlugin.yaml");
            program("");
            await pulumi("stack", "init", "dev");
            expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/\+ 2 created/);
            expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "KMS" });

            // A program that names the server makes the engine install the plugin.
            rmSync(path.join(folder, "home", "plugins"), { recursive: true });
            asked.length = 0;
            program(`    options: { version: ${version}, pluginDownloadURL: "${url}" }\n`);
            expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/1 unchanged|~ 1 updated|2 unchanged/);
            expect(asked).to.have.length.greaterThan(0);
            expect(readdirSync(installed)).to.include("provider.js");
            expect(cloud.bucketRule("example-logs"), "with another default provider").to.deep.equal({
                sseAlgorithm: "KMS",
            });
            await pulumi("destroy", "--yes", "--skip-preview");
            expect(cloud.bucketRule("example-logs")).to.equal(undefined);
        } finally {
            server.close();
            server.closeAllConnections();
        }
    });
});
