import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { startCommand } from "../../cli/command-process";
import { needed } from "../needed-tool";
import { installed, packedPackage } from "../packed-package";
import { projectEnvironment } from "../project-environment";

describe("pulumi-embedded of an installed package", function () {
    this.timeout(600_000);
    let folder: string;
    let cloud: LocalCloud;
    before(async function () {
        // Not below this package, which a program there would find in place of its own.
        folder = mkdtempSync(path.join(tmpdir(), "installed-package-"));
        mkdirSync(path.join(folder, "state"));
        writeFileSync(path.join(folder, "package.json"), '{ "name": "installed", "private": true }');
        writeFileSync(
            path.join(folder, "Pulumi.yaml"),
            "name: installed\nruntime: nodejs\nplugins:\n  providers:\n    - name: bucket-encryption\n      path: node_modules/pulumi-bucket-encryption/plugin\n",
        );
        cloud = await LocalCloud.start({ isStrict: true });
        cloud.createBucket({ name: "logs" });
        await needed(this, async () => {
            const tarball = packedPackage(path.join(folder, "packed"));
            installed("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball], folder);
        });
    });
    after(async () => {
        await cloud?.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    const run = async (...args: string[]): Promise<void> => {
        const command = ["node_modules", "pulumi-bucket-encryption", "dist", "cli", "pulumi-embedded.js"];
        const { status, output } = await startCommand(
            [process.execPath, path.join(folder, ...command)],
            [...args, "--non-interactive"],
            { cwd: folder, env: projectEnvironment(folder, cloud.url) },
        ).ended;
        expect(status, output).to.equal(0);
    };

    it("keeps the rule of a bucket that moves from kind to kind of resource", async () => {
        await run("stack", "select", "--create", "dev");
        const declared = 'bucket: "logs", sseAlgorithm: "SM4"';
        const kinds = [
            `new (require("pulumi-bucket-encryption/native").BucketEncryption)("logs", { ${declared} });`,
            `new (require("pulumi-bucket-encryption").BucketEncryption)("other", { ${declared} });`,
            'new (require("pulumi-bucket-encryption").BucketEncryptionSet)("set", { buckets: ["logs"], sseAlgorithm: "SM4", onDelete: "remove" });',
            `new (require("pulumi-bucket-encryption/native").BucketEncryption)("back", { ${declared} });`,
        ];
        for (const program of kinds) {
            writeFileSync(path.join(folder, "index.js"), program);
            cloud.journal.clear();
            await run("up", "--yes", "--skip-preview");
            const operations = cloud.journal.entries().map(({ operation }) => operation);
            expect(operations).to.include("GetBucketEncryption").and.not.include("DeleteBucketEncryption");
            expect(cloud.bucketRule("logs")).to.deep.equal({ sseAlgorithm: "SM4" });
        }
        await run("destroy", "--yes", "--skip-preview");
        expect(cloud.bucketRule("logs")).to.equal(undefined);
    });
});
