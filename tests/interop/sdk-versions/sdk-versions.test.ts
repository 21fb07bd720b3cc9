import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import manifest from "../../../package.json";
import { BucketStack } from "../../stacks/bucket-stack";
import { installedTools } from "../installed-tools";
import { needed, ToolUnavailable } from "../needed-tool";

const root = path.join(__dirname, "..", "..", "..");
const embedded = path.join(root, "dist", "cli", "pulumi-embedded.js");
const newest = "pulumi-sdk-newest";

/** Gives a stack's program and provider another SDK, and a copy of this package that finds it. */
function useSdk(versions: string, { folder }: BucketStack, name: string): void {
    const modules = path.join(folder, "node_modules");
    rmSync(modules, { recursive: true, force: true });
    mkdirSync(path.join(modules, "@pulumi"), { recursive: true });
    symlinkSync(path.join(versions, "node_modules", name), path.join(modules, "@pulumi", "pulumi"));
    const own = path.join(modules, "pulumi-bucket-encryption");
    cpSync(path.join(root, "dist"), path.join(own, "dist"), { recursive: true });
    cpSync(path.join(root, "package.json"), path.join(own, "package.json"));
    for (const dependency of Object.keys(manifest.dependencies)) {
        const link = path.join(own, "node_modules", dependency);
        mkdirSync(path.dirname(link), { recursive: true });
        symlinkSync(path.join(root, "node_modules", dependency), link);
    }
}

describe("a stack whose SDK is upgraded", () => {
    let versions: string;
    let cloud: LocalCloud;
    let stack: BucketStack;

    before(async function () {
        this.timeout(300_000);
        versions = await needed(this, () => installedTools(__dirname));
    });
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        for (const name of ["example-logs", "example-audit"]) cloud.createBucket({ name });
        stack = new BucketStack(cloud);
        stack.inProcess = false;
        await stack.start();
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });

    const declared = {
        logs: { bucket: "example-logs", sseAlgorithm: "KMS", kmsMasterKeyId: "secret:key-hzz65f0a1b2c3d4e5f6a7" },
        audit: { bucket: "example-audit", sseAlgorithm: "SM4", onDelete: "restore" },
    };

    /** From what one SDK wrote, the other continues without a difference, in both directions. */
    async function expectNoDifference(change: () => void, back: () => void): Promise<void> {
        await stack.declare(declared).deploy();
        change();
        cloud.journal.clear();
        expect(await stack.previewedSteps()).to.deep.equal({});
        await stack.deploy("--expect-no-changes");
        expect(cloud.journal.entries()).to.deep.equal([]);
        cloud.setBucketRule("example-audit", { sseAlgorithm: "AES256" });
        expect(await stack.previewedSteps("--refresh")).to.deep.equal({ audit: "update" });
        await stack.deploy("--refresh");
        expect(cloud.bucketRule("example-audit")).to.deep.equal({ sseAlgorithm: "SM4" });
        back();
        expect(await stack.previewedSteps()).to.deep.equal({});
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(cloud.bucketRule("example-logs")).to.equal(undefined);
    }

    it("shows no difference between 3.217, the oldest that is supported, and the one of the development", async () => {
        useSdk(versions, stack, "pulumi-sdk-3.217");
        const modules = path.join(stack.folder, "node_modules");
        await expectNoDifference(
            () => {
                rmSync(modules, { recursive: true });
                stack.linkPackages();
            },
            () => useSdk(versions, stack, "pulumi-sdk-3.217"),
        );
    }).timeout(180_000);

    it("works when 3.217, the oldest that is supported, is also the one that the engine loads", async () => {
        useSdk(versions, stack, "pulumi-sdk-3.217");
        // This package's copy beside that SDK finds no other.
        const own = path.join(stack.folder, "node_modules", "pulumi-bucket-encryption", "dist", "cli");
        stack.cli = { command: [process.execPath, path.join(own, "pulumi-embedded.js")], args: [] };
        await stack.declare(declared).deploy();
        expect(cloud.bucketRule("example-audit")).to.deep.equal({ sseAlgorithm: "SM4" });
        writeFileSync(
            path.join(stack.folder, "index.js"),
            `const pulumi = require("@pulumi/pulumi");
            const { BucketEncryption } = require("pulumi-bucket-encryption");
            const version = require("@pulumi/pulumi/package.json").version;
            const hook = new pulumi.ResourceHook("tell", ({ name }) => console.log("hook of " + name + " with " + version));
            new BucketEncryption("logs", { bucket: "example-logs", sseAlgorithm: "AES256" }, {
                hooks: { afterUpdate: [hook] },
                transforms: [({ props, opts }) => ({ props, opts: { ...opts, retainOnDelete: true } })],
            });`,
        );
        expect(await stack.deploy("--refresh")).to.include("hook of logs with 3.217.0");
        expect(cloud.bucketRule("example-audit")).to.equal(undefined);
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(cloud.bucketRule("example-logs")).to.deep.equal({ sseAlgorithm: "AES256" });
    }).timeout(180_000);

    it("shows no difference between the one of the development and the newest, on the Node that it wants", async function () {
        // The executable that the npm package `node` installs.
        const newerNode = path.join(
            versions,
            "node_modules",
            `node-${process.platform}-${process.arch}`,
            "bin",
            "node",
        );
        await needed(this, async () => {
            if (!existsSync(newerNode)) throw new ToolUnavailable("the registry has no newer Node for this machine");
        });
        const { cli, environment } = stack;
        await expectNoDifference(
            () => {
                useSdk(versions, stack, newest);
                if (!cli.command.includes("pulumi")) stack.cli = { command: [newerNode, embedded], args: [] };
                const where = `${path.dirname(newerNode)}${path.delimiter}${environment.PATH}`;
                stack.environment = { ...stack.environment, PATH: where };
            },
            () => {
                rmSync(path.join(stack.folder, "node_modules"), { recursive: true });
                stack.linkPackages();
                stack.cli = cli;
                stack.environment = { ...stack.environment, PATH: environment.PATH };
            },
        );
    }).timeout(180_000);
});
