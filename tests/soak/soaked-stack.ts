import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { pulumiEmbedded } from "../../lib/cli/pulumi-embedded-command";
import { begin } from "../cli/in-process";
import { TinyDisk } from "../tiny-disk";
import { killProcess, leftProcesses, markedProcesses, markName } from "./marked-processes";
import type { Run, Setup } from "./stack-scenario";

const root = path.join(__dirname, "..", "..");
const command = path.join(root, "dist", "cli", "pulumi-embedded.js");

// Declares what DECLARED says: resources by name, and one set.
const program = `
const pulumi = require("@pulumi/pulumi");
const { classes, account, each, set } = JSON.parse(process.env.DECLARED);
const { BucketEncryption, BucketEncryptionSet } = require(classes === "plugin" ? "pulumi-bucket-encryption/native" : "pulumi-bucket-encryption");
const given = (args) => Object.fromEntries(Object.entries(args).map(([key, value]) => [key, String(value).startsWith("secret:") ? pulumi.secret(value.slice(7)) : value]));
for (const [name, args] of Object.entries(each)) new BucketEncryption(name, { ...given(args), account });
if (set !== undefined) {
    const overrides = Object.fromEntries(Object.entries(set.overrides).map(([bucket, rule]) => [bucket, given(rule)]));
    new BucketEncryptionSet("fleet", { ...set, overrides, account });
}
exports.declared = Object.keys(each);
`;

export const passphrase = "a-passphrase-that-the-soak-keeps-secret";
export const accessKeySecret = "an-access-key-secret-that-the-soak-keeps";

export type Engine = Run["engine"];
export type Victim = NonNullable<Run["kill"]>["who"];

export interface Ended {
    /** `null` for a process that was killed. */
    readonly status: number | null;
    readonly output: string;
}

/** A command that runs. */
export interface RunningCommand {
    readonly ended: Promise<Ended>;
    /** Ends what is named. A command in this process gets ^C. @returns whether there was such a process */
    kill(who: Victim): boolean;
}

/** Whether this machine has the pulumi command. */
export const hasPulumi = ((): boolean => {
    const { status } = spawnSync("pulumi", ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" } });
    return status === 0;
})();

let marks = 0;

function newMark(): string {
    marks += 1;
    return `soak-${process.pid}-${marks}`;
}

/** The folder of one stack: its program, its settings and its state. Three engines run it. */
export class SoakedStack {
    readonly folder: string;
    readonly backend: string;
    readonly disk: TinyDisk | undefined;
    readonly mark = newMark();
    environment: NodeJS.ProcessEnv;

    /** @param endpoint where all services are reached */
    constructor(endpoint: string, { hasTinyDisk }: Pick<Setup, "hasTinyDisk">) {
        const cache = path.join(root, "node_modules", ".cache");
        mkdirSync(cache, { recursive: true });
        this.folder = mkdtempSync(path.join(cache, "soaked-stack-"));
        this.backend = path.join(this.folder, "state");
        const disk = hasTinyDisk ? TinyDisk.mount(this.backend, 4 * 1024 * 1024) : undefined;
        this.disk = disk instanceof TinyDisk ? disk : undefined;
        mkdirSync(this.backend, { recursive: true });
        writeFileSync(path.join(this.folder, "index.js"), program);
        writeFileSync(
            path.join(this.folder, "Pulumi.yaml"),
            "name: soak\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
        );
        const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|ALIBABA_CLOUD|OSS)_/.test(name));
        this.environment = {
            ...Object.fromEntries(inherited),
            [markName]: this.mark,
            HOME: this.folder,
            PULUMI_HOME: path.join(this.folder, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(this.backend).href,
            PULUMI_CONFIG_PASSPHRASE: passphrase,
            PULUMI_SKIP_UPDATE_CHECK: "true",
            ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
            ALIBABA_CLOUD_ACCESS_KEY_ID: "soak-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
            ALIBABA_CLOUD_STS_ENDPOINT: endpoint,
            ALIBABA_CLOUD_KMS_ENDPOINT: endpoint,
            OSS_ENDPOINT: endpoint,
            OSS_REGION: "cn-hangzhou",
        };
    }

    /** Starts a command of an engine. */
    begin(engine: Engine, ...args: string[]): RunningCommand {
        const always = ["--cwd", this.folder, "--non-interactive", "--color", "never", "--stack", "dev"];
        if (engine === "in-process") {
            const place = { env: this.environment, cwd: this.folder, inProcess: true };
            const running = begin(pulumiEmbedded, [...args, ...always], place);
            return {
                ended: running.ended,
                kill: () => {
                    running.signal();
                    return true;
                },
            };
        }
        const [file, ...first] = engine === "pulumi" ? ["pulumi"] : [process.execPath, command];
        const child = spawn(file as string, [...first, ...args, ...always], {
            cwd: this.folder,
            env: this.environment,
            stdio: ["ignore", "pipe", "pipe"],
        });
        return { ended: endOf(child), kill: (who) => this.#kill(child, who) };
    }

    async run(engine: Engine, ...args: string[]): Promise<Ended> {
        return await this.begin(engine, ...args).ended;
    }

    async succeed(engine: Engine, ...args: string[]): Promise<string> {
        const { status, output } = await this.run(engine, ...args);
        if (status !== 0) throw new Error(`${engine} ${args.join(" ")} ended with ${status}:\n${output}`);
        return output;
    }

    /** The processes that the stack's commands have started and left. @param limitMs how long they may take to end */
    async leftProcesses(limitMs: number): Promise<string[]> {
        const left = await leftProcesses(this.mark, limitMs);
        left.forEach(killProcess);
        return left.map(({ command: line }) => line);
    }

    get journalFile(): string {
        return path.join(this.backend, ".pulumi", "stacks", "soak", "dev.embedded-journal");
    }

    get lockFiles(): string[] {
        const folder = path.join(this.backend, ".pulumi", "locks", "organization", "soak", "dev");
        return existsSync(folder) ? readdirSync(folder) : [];
    }

    /** Every text that the stack's commands have written into files. */
    writtenTexts(): ReadonlyMap<string, string> {
        return new Map(filesBelow(this.folder).map((file) => [file, readFileSync(file, "latin1")]));
    }

    remove(): void {
        this.disk?.unmount();
        rmSync(this.folder, { recursive: true, force: true });
    }

    #kill(child: ChildProcess, who: Victim): boolean {
        if (who === "engine") return child.kill("SIGKILL");
        const others = markedProcesses(this.mark).filter(({ id }) => id !== child.pid);
        const victims = others.filter(
            ({ command: line }) =>
                who === "all" || (/cmd\/run\b|language-nodejs/.test(line) ? "program" : "provider") === who,
        );
        victims.forEach(killProcess);
        if (who === "all") child.kill("SIGKILL");
        return victims.length > 0;
    }
}

async function endOf(child: ChildProcess): Promise<Ended> {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding("utf8").on("data", (text) => {
            output += text;
        });
    }
    // What a killed engine leaves may hold its streams open: its end is that of the process.
    const [status] = (await once(child, "exit")) as [number | null];
    await Promise.race([once(child, "close"), new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
    return { status, output };
}

function filesBelow(folder: string): string[] {
    return readdirSync(folder).flatMap((name) => {
        const file = path.join(folder, name);
        return statSync(file).isDirectory() ? filesBelow(file) : [file];
    });
}
