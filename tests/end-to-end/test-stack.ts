import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { pulumiEmbedded } from "../../lib/cli/pulumi-embedded-command";
import type { LocalCloud } from "../../lib/local-cloud";
import { run } from "../cli/in-process";

const root = path.join(__dirname, "..", "..");
const command = path.join(root, "dist", "cli", "pulumi-embedded.js");

/** Resources by name, with the arguments of `BucketEncryption`; a string `output:<name>` stands for that resource's id. */
export type Declarations = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface CommandResult {
    /** `null` when the command was killed. */
    readonly status: number | null;
    /** Standard output and standard error, in the order in which they came. */
    readonly output: string;
}

export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly inputs?: Record<string, unknown>;
    readonly outputs?: Record<string, unknown>;
    readonly delete?: boolean;
    readonly sourcePosition?: string;
}

// Declares what DECLARED says. `secret:` and `output:` mark a value that is a secret, or comes from another resource.
const program = `
const pulumi = require("@pulumi/pulumi");
const { BucketEncryption } = require("pulumi-bucket-encryption");
const made = {};
const value = (text) => {
    const [, kind, rest] = /^(secret|output):(.*)$/.exec(text) ?? [];
    return kind === "secret" ? pulumi.secret(rest) : kind === "output" ? made[rest].id : text;
};
for (const [name, { lookup, options, ...args }] of Object.entries(JSON.parse(process.env.DECLARED))) {
    const given = Object.fromEntries(Object.entries(args).map(([key, text]) => [key, value(text)]));
    made[name] = lookup ? BucketEncryption.get(name, lookup, given) : new BucketEncryption(name, given, options);
}
exports.algorithms = pulumi.all(Object.values(made).map((one) => one.sseAlgorithm));
`;

/** A stack in a folder of its own, deployed onto a local cloud by the command `pulumi-embedded`. */
export class TestStack {
    readonly folder: string;
    environment: NodeJS.ProcessEnv;
    /** The command that deploys, with the arguments that each call needs. */
    engine: { readonly command: readonly [string, ...string[]]; readonly args: readonly string[] } = {
        command: [process.execPath, command],
        args: [],
    };

    /** Whether commands, programs and providers run in processes, as a user's do: where processes are under test. */
    wholeProcesses = false;

    constructor(cloud: LocalCloud) {
        // Below the package, so that the program finds it and Pulumi's SDK.
        const cache = path.join(root, "node_modules", ".cache");
        mkdirSync(cache, { recursive: true });
        this.folder = mkdtempSync(path.join(cache, "test-stack-"));
        writeFileSync(path.join(this.folder, "index.js"), program);
        writeFileSync(
            path.join(this.folder, "Pulumi.yaml"),
            "name: test-stack\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
        );
        // What `stack init` would make of the passphrase. With one salt for all stacks its key is derived once in each process.
        writeFileSync(
            path.join(this.folder, "Pulumi.dev.yaml"),
            "encryptionsalt: v1:TPXToDYbvxs=:v1:U5mRTC5s1AzswmTb:QOHZ4wef3n6oYZqWJSKkhX5L2L7Gww==\n",
        );
        const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|ALIBABA_CLOUD|OSS)_/.test(name));
        this.environment = {
            ...Object.fromEntries(inherited),
            HOME: this.folder,
            PULUMI_HOME: path.join(this.folder, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(this.folder).href,
            PULUMI_CONFIG_PASSPHRASE: "a passphrase",
            ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            OSS_ENDPOINT: cloud.url,
            OSS_REGION: "cn-hangzhou",
        };
    }

    async start(): Promise<this> {
        await this.succeed("stack", "init", "dev");
        // The same statements are held against the real engine by TEST_ENGINE=pulumi npx mocha tests/end-to-end/...
        if (process.env.TEST_ENGINE === "pulumi" && !this.useRealEngine())
            throw new Error("there is no pulumi command");
        return this;
    }

    /** Goes on with the pulumi command of this machine. @returns whether there is one */
    useRealEngine(): boolean {
        if (spawnSync("pulumi", ["version"]).status !== 0) return false;
        this.environment = { ...this.environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
        this.engine = { command: ["pulumi"], args: ["--stack", "dev"] };
        this.wholeProcesses = true;
        return true;
    }

    declare(declarations: Declarations): this {
        this.environment = { ...this.environment, DECLARED: JSON.stringify(declarations) };
        return this;
    }

    /** Runs a command, in this process unless `wholeProcesses` is set. */
    async run(...args: string[]): Promise<CommandResult> {
        if (this.wholeProcesses) return await this.begin(...args).ended;
        return await run(pulumiEmbedded, [...args, ...this.#always], {
            env: this.environment,
            cwd: this.folder,
            inProcess: true,
        });
    }

    /** Runs a command and kills it in the middle, as a crash would; its provider gets a moment to end with it. */
    async killed(afterMilliseconds: number, ...args: string[]): Promise<CommandResult> {
        const { child, ended } = this.begin(...args);
        const timer = setTimeout(() => child.kill("SIGKILL"), afterMilliseconds);
        const result = await ended;
        clearTimeout(timer);
        await delay(500);
        return result;
    }

    get #always(): string[] {
        return ["--cwd", this.folder, "--non-interactive", "--color", "never", ...this.engine.args];
    }

    /** Starts a command in a process of its own. */
    begin(...args: string[]): { child: ChildProcess; ended: Promise<CommandResult> } {
        const [file, ...first] = this.engine.command;
        const child = spawn(file, [...first, ...args, ...this.#always], {
            env: this.environment,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding("utf8").on("data", (text) => {
                output += text;
            });
        }
        return { child, ended: once(child, "close").then(([status]) => ({ status, output })) };
    }

    async succeed(...args: string[]): Promise<string> {
        const { status, output } = await this.run(...args);
        if (status !== 0) throw new Error(`"${args.join(" ")}" ended with ${status}:\n${output}`);
        return output;
    }

    up(...flags: string[]): Promise<string> {
        return this.succeed("up", "--yes", "--skip-preview", ...flags);
    }

    /** Each step of a preview by the resource's name, without those that change nothing. */
    async previewedSteps(...flags: string[]): Promise<Record<string, string>> {
        const { steps = [] } = JSON.parse(await this.succeed("preview", "--json", ...flags)) as {
            steps?: { op: string; urn: string }[];
        };
        return Object.fromEntries(
            steps
                .filter(({ op, urn }) => !["same", "refresh"].includes(op) && !urn.includes("pulumi:pulumi:Stack"))
                .map(({ op, urn }) => [urn.split("::").at(-1), op]),
        );
    }

    /** The rules in the stack's state, as `stack export` shows it. */
    async resources(): Promise<StateResource[]> {
        const { deployment } = JSON.parse(await this.succeed("stack", "export")) as {
            deployment: { resources?: StateResource[] } | null;
        };
        return (deployment?.resources ?? []).filter(({ type }) => type.endsWith(":BucketEncryption"));
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
