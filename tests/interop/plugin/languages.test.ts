import { execFile, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";

const root = path.join(__dirname, "..", "..", "..");
const run = promisify(execFile);

/** Whether the commands are on the PATH: the pulumi command comes with its language hosts, and is not on every machine. */
const hasCommands = (...names: string[]): boolean =>
    names.every((name) => spawnSync(name, ["--version"]).error === undefined);

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

    /** Deploys, changes nothing, repairs drift, and destroys. */
    const deploys = async () => {
        await pulumi("stack", "init", "dev");
        expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/\+ 3 created/);
        const rules = () =>
            ["logs", "invoices", "reports"].map((name) => cloud.bucketRule(`example-${name}`)?.sseAlgorithm);
        expect(rules()).to.deep.equal(["KMS", "KMS", "AES256"]);
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
        expect(rules()).to.deep.equal(["KMS", "KMS", "AES256"]);
        expect(await pulumi("destroy", "--yes", "--skip-preview")).to.match(/- 3 deleted/);
        // A set keeps the rules of its buckets unless it is told otherwise.
        expect(rules()).to.deep.equal([undefined, "KMS", "AES256"]);
    };

    it("deploys examples/yaml, repairs drift in a plain up, and imports what the program declares", async function () {
        if (!hasCommands("pulumi", "pulumi-language-yaml")) this.skip();
        project("yaml");
        const file = path.join(folder, "project", "Pulumi.yaml");
        writeFileSync(file, readFileSync(file, "utf8").replace("../../plugin", path.join(root, "plugin")));
        await deploys();
        const type = "bucket-encryption:index:BucketEncryption";
        const printed = await pulumi("import", type, "archive", "example-archive", "--yes");
        expect(printed).to.include("bucket: example-archive").and.include("sseAlgorithm: AES256");
    });

    it("deploys examples/python with the installed plugin and the module that the schema makes", async function () {
        if (!hasCommands("pulumi", "pulumi-language-python", "python3")) this.skip();
        project("python");
        const command = path.join(root, "dist", "cli", "bucket-encryption.js");
        expect(await inProject(process.execPath, command, "plugin", "install")).to.include("Installed the plugin");
        await inProject("python3", "-m", "venv", "venv");
        try {
            await inProject(path.join("venv", "bin", "pip"), "install", "--quiet", "-r", "requirements.txt");
        } catch {
            // No package index can be reached.
            this.skip();
        }
        await pulumi("package", "add", `bucket-encryption@${require(path.join(root, "package.json")).version}`);
        await deploys();
    });
});
