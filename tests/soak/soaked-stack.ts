import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pulumiEmbedded } from "../../lib/cli/pulumi-embedded-command";
import { pulumiEmbeddedCommand, startCommand } from "../cli/command-process";
import { begin } from "../cli/in-process";
import { pluginSettings, projectSettings, TestProject } from "../stacks/test-project";
import { TinyDisk } from "../tiny-disk";
import { killProcess, leftProcesses, markedProcesses, markName } from "./marked-processes";
import { accessKeySecret, awsConfiguration } from "./soaked-families";
import "./aws-route.cjs";
import type { Run, Setup } from "./stack-scenario";

// Declares what DECLARED says: resources by name, and one set.
const program = `
const pulumi = require("@pulumi/pulumi");
const { resources, sets } = JSON.parse(process.env.DECLARED);
const classesOf = (kind) => require(kind === "plugin" ? "pulumi-bucket-encryption/native" : "pulumi-bucket-encryption");
const given = (args) => Object.fromEntries(Object.entries(args).map(([key, value]) => [key, String(value).startsWith("secret:") ? pulumi.secret(value.slice(7)) : value]));
for (const { name, classes, args } of resources) new (classesOf(classes).BucketEncryption)(name, given(args));
for (const { name, classes, args } of sets) {
    const overrides = Object.fromEntries(Object.entries(args.overrides).map(([bucket, rule]) => [bucket, given(rule)]));
    new (classesOf(classes).BucketEncryptionSet)(name, { ...args, overrides });
}
exports.declared = resources.length + sets.length;
`;

const project = projectSettings("soak") + pluginSettings;

const passphrase = "a-passphrase-that-the-soak-keeps";
/** What `stack init` would write of it. With one salt for all stacks, a process derives its key once. */
const stackSettings = "encryptionsalt: v1:4LyrrIRYLJY=:v1:c7QXeamNmaYjZ9rV:aUHxcRtRjrenwlEMtrVKWL/7kvzeDw==\n";
export const secrets = [accessKeySecret, passphrase];

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
export const hasPulumi: boolean =
    spawnSync("pulumi", ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" } }).status === 0;

let marks = 0;

/** A mark that no other process of this machine has. */
export function newMark(): string {
    marks += 1;
    return `soak-${process.pid}-${marks}`;
}

/** One stack with its program, its settings and its state. Three engines run it. */
export class SoakedStack extends TestProject {
    readonly disk: TinyDisk | undefined;
    readonly mark = newMark();

    /** @param variables that lead to the services */
    constructor(variables: NodeJS.ProcessEnv, { hasTinyDisk }: Pick<Setup, "hasTinyDisk">) {
        super(
            "soak",
            {
                "index.js": program,
                "Pulumi.yaml": project,
                "Pulumi.dev.yaml": stackSettings,
                ".aws/config": awsConfiguration,
            },
            { PULUMI_CONFIG_PASSPHRASE: passphrase, ...variables },
        );
        // For the operations in this process.
        process.env.SOAKED_AWS = variables.SOAKED_AWS ?? "";
        this.environment[markName] = this.mark;
        const disk = hasTinyDisk ? TinyDisk.mount(this.state, 4 * 1024 * 1024) : undefined;
        this.disk = disk instanceof TinyDisk ? disk : undefined;
    }

    /** Starts a command of an engine. */
    begin(engine: Engine, ...args: string[]): RunningCommand {
        const always = ["--cwd", this.folder, "--non-interactive", "--color", "never", "--stack", "dev"];
        const place = { env: this.environment, cwd: this.folder };
        if (engine === "in-process") {
            const running = begin(pulumiEmbedded, [...args, ...always], { ...place, inProcess: true });
            const kill = (): boolean => {
                running.signal();
                return true;
            };
            return { ended: running.ended, kill };
        }
        const command = engine === "pulumi" ? (["pulumi"] as const) : pulumiEmbeddedCommand;
        const { child, ended } = startCommand(command, [...args, ...always], place);
        // What the real engine leaves when it is killed alone is its own.
        return { ended, kill: (who) => this.#kill(child.pid, engine === "pulumi" && who === "engine" ? "all" : who) };
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
        return left.map(({ command }) => command);
    }

    get stateFile(): string {
        return path.join(this.state, ".pulumi", "stacks", "soak", "dev.json");
    }

    get journalFile(): string {
        return this.stateFile.replace(/json$/, "embedded-journal");
    }

    get lockFiles(): string[] {
        const folder = path.join(this.state, ".pulumi", "locks", "organization", "soak", "dev");
        return existsSync(folder) ? readdirSync(folder) : [];
    }

    /** Every text that the stack's commands have written into files. */
    writtenTexts(): ReadonlyMap<string, string> {
        return new Map(this.files().map((file) => [file, readFileSync(file, "latin1")]));
    }

    override remove(): void {
        this.disk?.unmount();
        super.remove();
    }

    #kill(engine: number | undefined, who: Victim): boolean {
        const isVictim = (id: number, command: string): boolean => {
            if (who === "all") return true;
            if (who === "engine" || id === engine) return who === "engine" && id === engine;
            return (/cmd\/run\b|language-nodejs/.test(command) ? "program" : "provider") === who;
        };
        const victims = markedProcesses(this.mark).filter(({ id, command }) => isVictim(id, command));
        victims.forEach(killProcess);
        return victims.length > 0;
    }
}
