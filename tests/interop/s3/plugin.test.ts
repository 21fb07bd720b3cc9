import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { GetBucketEncryptionCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { packageRoot } from "../../stacks/test-project";
import { needCommands, needed } from "../needed-tool";
import { keys, Moto } from "./moto";

const run = promisify(execFile);
/** A project in YAML in a folder without an npm project above it, with the files of the plugin as an installation has them. */
describe("a bucket of S3 through the plugin, in YAML outside every npm project", function () {
    this.timeout(10 * 60_000); // a first run installs the server
    let moto: Moto;
    let folder: string;

    before(async function () {
        await needCommands(this, "pulumi", "pulumi-language-yaml");
        moto = await needed(this, () => Moto.start());
        folder = mkdtempSync(path.join(tmpdir(), "s3-plugin-"));
        for (const name of ["project", "state"]) mkdirSync(path.join(folder, name));
        cpSync(path.join(packageRoot, "plugin"), path.join(folder, "plugin"), { recursive: true });
        writeFileSync(
            path.join(folder, "project", "Pulumi.yaml"),
            `name: s3-rules
runtime: yaml
plugins: { providers: [{ name: bucket-encryption, path: ../plugin }] }
resources:
  logs:
    type: bucket-encryption:BucketEncryption
    properties: { bucket: example-logs, store: s3, sseAlgorithm: KMS, bucketKeyEnabled: true, deletionIsSafe: true }
outputs: { id: "\${logs.id}" }
`,
        );
        await moto.createBucket("example-logs");
    });
    after(async () => {
        await moto?.stop();
        if (folder !== undefined) rmSync(folder, { recursive: true });
    });

    const pulumi = async (...args: string[]): Promise<string> => {
        const env = {
            PATH: process.env.PATH,
            HOME: folder,
            PULUMI_HOME: path.join(folder, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(path.join(folder, "state")).href,
            PULUMI_CONFIG_PASSPHRASE: "a passphrase",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            AWS_ACCESS_KEY_ID: keys.accessKeyId,
            AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
            AWS_ENDPOINT_URL_S3: moto.url,
            AWS_REGION: "us-east-1",
        };
        const cwd = path.join(folder, "project");
        const { stdout, stderr } = await run("pulumi", [...args, "--non-interactive", "--color", "never"], {
            cwd,
            env,
        });
        return stdout + stderr;
    };
    const rule = async () => {
        const answer = await moto.client
            .send(new GetBucketEncryptionCommand({ Bucket: "example-logs" }))
            .catch(() => {});
        return answer?.ServerSideEncryptionConfiguration?.Rules?.[0];
    };

    it("is written, stays unchanged, is imported under its id, and is deleted", async () => {
        await pulumi("stack", "init", "dev");
        expect(await pulumi("up", "--yes", "--skip-preview"))
            .to.match(/\+ 2 created/)
            .and.include("s3/example-logs");
        expect(await rule()).to.deep.equal({
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" },
            BucketKeyEnabled: true,
        });
        expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/2 unchanged/);
        const type = "bucket-encryption:index:BucketEncryption";
        const printed = await pulumi("import", type, "again", "s3/example-logs", "--yes", "--protect=false");
        expect(printed).to.include("store: s3").and.include("sseAlgorithm: KMS").and.include("bucketKeyEnabled: true");
        // The program declares the bucket once: the imported resource leaves the state, and the rule stays.
        expect(await pulumi("up", "--yes", "--skip-preview")).to.match(/- 1 deleted/);
        expect((await rule())?.BucketKeyEnabled).to.equal(true);
        await pulumi("destroy", "--yes", "--skip-preview");
        expect(await rule()).to.equal(undefined);
    });
});
