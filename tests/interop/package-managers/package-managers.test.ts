import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { LocalCloud } from "../../../lib/local-cloud";
import manifest from "../../../package.json";
import { finished } from "../../finished";
import { installedTools } from "../installed-tools";
import { needed } from "../needed-tool";
import { installed, packedPackage } from "../packed-package";
import { projectEnvironment } from "../project-environment";

const sdk = manifest.devDependencies["@pulumi/pulumi"];

/** Files of a project by their names. */
type Files = Readonly<Record<string, string>>;

/** A program and its first arguments: a file, or a script of Node. */
type Command = readonly [string, ...string[]];

/** The package managers that are installed for these tests. */
function installedManagers(tools: string) {
    const file = (...parts: readonly string[]): string => path.join(tools, "node_modules", ...parts);
    return {
        yarn: [process.execPath, file("@yarnpkg", "cli-dist", "bin", "yarn.js")],
        yarnClassic: [process.execPath, file("yarn-classic", "bin", "yarn.js")],
        pnpm: [process.execPath, file("pnpm", "bin", "pnpm.mjs")],
        bun: [file("@oven", `bun-${process.platform}-${process.arch}`, "bin", "bun")],
    } as const satisfies Readonly<Record<string, Command>>;
}

interface Manager {
    readonly name: string;
    /** The first words of its row in docs/installation.md. */
    readonly row: string;
    readonly files?: Files;
    readonly command: (commands: ReturnType<typeof installedManagers>) => Command;
    /** Options beside those that the page gives. */
    readonly options?: readonly string[];
    /** Whether it runs the package's command. Otherwise Node does. */
    readonly runs?: boolean;
}

const embedded = path.join("node_modules", "pulumi-bucket-encryption", "dist", "cli", "pulumi-embedded.js");
// In CI, Yarn would refuse to write the lock file of a new project.
const yarnSettings =
    "enableTelemetry: false\nenableScripts: false\nenableGlobalCache: false\nenableImmutableInstalls: false\n";

const page = readFileSync(path.join(__dirname, "..", "..", "..", "docs", "installation.md"), "utf8");

/**
 * The arguments of the command that docs/installation.md gives for a package manager, with the SDK's version that these tests use.
 * @param tool the first words of its row
 * @param tarball the packed package
 */
function documentedArguments(tool: string, tarball: string): string[] {
    const { 1: command = "" } = new RegExp(`^\\| ${tool}[^|]*\\| \`(.+)\` \\|$`, "m").exec(page) ?? [];
    const [, ...args] = command.split(" ");
    return args.map((arg) =>
        arg === "@pulumi/pulumi" ? `${arg}@${sdk}` : arg.replace(/\.\.\/pulumi-bucket-encryption\/.+\.tgz$/, tarball),
    );
}

/** The entry that docs/installation.md tells users of Yarn PnP to add. */
function documentedExtension(): string {
    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
    return blocks.find((text) => Object.hasOwn(parse(text) as object, "packageExtensions")) ?? "";
}

const managers: readonly Manager[] = [
    { name: "npm", row: "npm", command: () => ["npm"], options: ["--no-audit", "--no-fund"] },
    { name: "pnpm, isolated", row: "pnpm", command: ({ pnpm }) => pnpm },
    {
        name: "pnpm, hoisted",
        row: "pnpm",
        files: { "pnpm-workspace.yaml": "nodeLinker: hoisted\n" },
        command: ({ pnpm }) => pnpm,
    },
    { name: "Yarn 1", row: "Yarn 1", command: ({ yarnClassic }) => yarnClassic },
    {
        name: "Yarn 4 with node_modules",
        row: "Yarn 4",
        files: { ".yarnrc.yml": `nodeLinker: node-modules\n${yarnSettings}`, "yarn.lock": "" },
        command: ({ yarn }) => yarn,
    },
    {
        name: "Yarn 4 with Plug'n'Play and the documented entry",
        row: "Yarn 4",
        files: { ".yarnrc.yml": `nodeLinker: pnp\n${yarnSettings}${documentedExtension()}`, "yarn.lock": "" },
        command: ({ yarn }) => yarn,
        runs: true,
    },
    { name: "bun", row: "bun", command: ({ bun }) => bun },
];

describe("the packed package, installed in a project", () => {
    let cloud: LocalCloud;
    let commands: ReturnType<typeof installedManagers>;
    let packed: string;
    let tarball: string;
    let folder: string;

    before(async function () {
        this.timeout(300_000);
        packed = mkdtempSync(path.join(tmpdir(), "packed-"));
        await needed(this, async () => {
            commands = installedManagers(await installedTools(__dirname));
            tarball = packedPackage(packed);
        });
        cloud = await LocalCloud.start({
            accounts: {
                accounts: [
                    {
                        id: "1000000000000001",
                        accessKeys: [{ id: "local-key-id", secret: "local-key-secret" }],
                        buckets: managers.map((_, index) => ({ name: `bucket-${index}`, region: "cn-hangzhou" })),
                    },
                ],
            },
        });
    });

    beforeEach(() => {
        // Not below this package, which a program there would find in place of its own.
        folder = mkdtempSync(path.join(tmpdir(), "package-managers-"));
    });

    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    after(async () => {
        rmSync(packed, { recursive: true, force: true });
        await cloud?.stop();
    });

    function write(files: Files): void {
        for (const [name, text] of Object.entries(files)) {
            const file = path.join(folder, name);
            mkdirSync(path.dirname(file), { recursive: true });
            writeFileSync(file, text);
        }
    }

    async function deployed([command, ...args]: Command, project = folder) {
        mkdirSync(path.join(folder, "state"), { recursive: true });
        const env = projectEnvironment(folder, cloud.url);
        let output = "";
        let status: number | null = null;
        for (const words of [
            ["stack", "init", "dev"],
            ["up", "--yes", "--skip-preview", "--non-interactive"],
        ]) {
            const stdio = ["ignore", "pipe", "pipe"] as const;
            const ended = await finished(spawn(command, [...args, ...words], { cwd: project, env, stdio: [...stdio] }));
            status = ended.status;
            output += ended.output;
        }
        return { status, output };
    }

    const projectFile = "name: project\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n";
    const packageFile = (dependencies: object): string =>
        JSON.stringify({ name: "project", private: true, dependencies });
    const declare = (bucket: string): string =>
        `new BucketEncryption("logs", { bucket: ${JSON.stringify(bucket)}, sseAlgorithm: "AES256" });`;

    managers.forEach(({ name, row, files, command, options = [], runs = false }, index) => {
        it(`deploys a rule with ${name}, installed as the documentation says`, async function () {
            this.timeout(300_000);
            const bucket = `bucket-${index}`;
            write({
                "package.json": packageFile({}),
                "Pulumi.yaml": projectFile,
                "index.js": `const { BucketEncryption } = require("pulumi-bucket-encryption");\n${declare(bucket)}\n`,
                ...files,
            });
            const [program, ...first] = command(commands);
            installed(program, [...first, ...documentedArguments(row, tarball), ...options], folder);
            const { dependencies } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
                readonly dependencies: object;
            };
            expect(dependencies).to.have.keys(["@pulumi/pulumi", "pulumi-bucket-encryption"]);
            const run: Command = runs ? [program, ...first, "pulumi-embedded"] : [process.execPath, embedded];
            const { status, output } = await deployed(run);
            expect(status, output).to.equal(0);
            expect(cloud.bucketRule(bucket)).to.deep.equal({ sseAlgorithm: "AES256" });
        });
    });

    it("rejects a program that has it only through a component library, before anything is deployed, and says what to add", async function () {
        this.timeout(300_000);
        const library = { main: "index.js", dependencies: { "pulumi-bucket-encryption": `file:${tarball}` } };
        write({
            "package.json": JSON.stringify({ private: true }),
            "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
            "packages/buckets/package.json": JSON.stringify({
                name: "@acme/buckets",
                version: "1.0.0",
                ...library,
                peerDependencies: { "@pulumi/pulumi": sdk },
            }),
            "packages/buckets/index.js": `const { BucketEncryption } = require("pulumi-bucket-encryption");\nexports.logs = () => ${declare("bucket-0")}\n`,
            "packages/app/package.json": packageFile({ "@acme/buckets": "workspace:*", "@pulumi/pulumi": sdk }),
            "packages/app/index.js": 'require("@acme/buckets").logs();\n',
            "packages/app/Pulumi.yaml": projectFile,
        });
        const [node, pnpm] = commands.pnpm;
        installed(node, [pnpm, "install", "--ignore-scripts"], folder);
        const command = path.join(__dirname, "..", "..", "..", "dist", "cli", "pulumi-embedded.js");
        const app = path.join(folder, "packages", "app");
        const refused = await deployed([process.execPath, command], app);
        expect(refused.status).to.equal(1);
        expect(refused.output).to.include(
            "Add pulumi-bucket-encryption to the dependencies in the package.json of that folder",
        );
        expect(refused.output).not.to.include("data:");
        write({
            "packages/app/package.json": packageFile({
                "@acme/buckets": "workspace:*",
                "@pulumi/pulumi": sdk,
                "pulumi-bucket-encryption": `file:${tarball}`,
            }),
        });
        installed(node, [pnpm, "install", "--ignore-scripts", "--no-frozen-lockfile"], folder);
        const { status, output } = await deployed([process.execPath, command], app);
        expect(status, output).to.equal(0);
    });
});
