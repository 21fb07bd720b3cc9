import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import { pulumiEmbeddedCommand, startCommand } from "../../cli/command-process";
import { changedBy, type ExamplePromise, expectWholeLife } from "../../examples/whole-life";
import { installedTools } from "../installed-tools";
import { needed } from "../needed-tool";
import { installed, packedPackage } from "../packed-package";
import { projectEnvironment } from "../project-environment";

const root = path.join(__dirname, "..", "..", "..");
const accounts = path.join(root, "examples", "accounts.json");

describe("examples that need processes or a package manager", function () {
    this.timeout(300_000);
    let folder: string;
    let cloud: LocalCloud;

    beforeEach(async () => {
        // Not below this package, which a program there would find in place of its own.
        folder = mkdtempSync(path.join(tmpdir(), "installed-example-"));
        mkdirSync(path.join(folder, "state"));
        cloud = await LocalCloud.start({ accounts: JSON.parse(readFileSync(accounts, "utf8")) });
    });
    afterEach(async () => {
        await cloud.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    async function run(project: string, ...args: string[]): Promise<string> {
        const env = projectEnvironment(folder, cloud.url);
        const options = ["--non-interactive", "--color", "never"];
        const { status, output } = await startCommand(pulumiEmbeddedCommand, [...args, ...options], {
            cwd: project,
            env,
        }).ended;
        expect(status, output).to.equal(0);
        return output;
    }

    async function expectPromise(project: string, promise: ExamplePromise): Promise<void> {
        await run(project, "stack", "init", "dev");
        const deployed = ["--yes", "--skip-preview"];
        await expectWholeLife(
            {
                cloud,
                up: async (refresh) => void (await run(project, "up", ...deployed, ...(refresh ? ["--refresh"] : []))),
                preview: async () => changedBy(await run(project, "preview", "--json", "--refresh")),
                destroy: async () => void (await run(project, "destroy", ...deployed)),
            },
            promise,
        );
    }

    it("deploy, drift, are reconciled and destroyed: esm-typescript", async () => {
        const project = path.join(folder, "esm-typescript");
        cpSync(path.join(root, "examples", "esm-typescript"), project, { recursive: true });
        symlinkSync(path.join(root, "node_modules"), path.join(project, "node_modules"));
        const rule = { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" } as const;
        await expectPromise(project, { rules: { "esm-logs": rule, "esm-archive": rule }, drifting: "esm-logs" });
    });

    it("deploy, drift, are reconciled and destroyed: pnpm-workspace", async function () {
        const workspace = path.join(folder, "pnpm-workspace");
        cpSync(path.join(root, "examples", "pnpm-workspace"), workspace, { recursive: true });
        await needed(this, async () => {
            const tools = await installedTools(path.join(__dirname, "..", "package-managers"));
            const tarball = packedPackage(path.join(folder, "packed"));
            for (const part of ["app", "buckets"]) {
                const file = path.join(workspace, "packages", part, "package.json");
                const text = readFileSync(file, "utf8");
                expect(text).to.include("file:../../../../pulumi-bucket-encryption-");
                writeFileSync(file, text.replaceAll(/file:[^"]*\.tgz/g, `file:${tarball}`));
            }
            const pnpm = path.join(tools, "node_modules", "pnpm", "bin", "pnpm.mjs");
            installed(process.execPath, [pnpm, "install", "--no-frozen-lockfile"], workspace);
        });
        const rule = { sseAlgorithm: "KMS" } as const;
        const rules = { "shop-orders": rule, "shop-invoices": rule };
        await expectPromise(path.join(workspace, "packages", "app"), { rules, drifting: "shop-shop-orders" });
    });
});
