import { spawn, spawnSync } from "node:child_process";
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
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pulumiEmbedded } from "../../lib/cli/pulumi-embedded-command";
import { EmbeddedEngine, type EngineEvent, type OperationResult, type RunOptions } from "../../lib/engine";
import type { CheckpointFileJson, ResourceJson } from "../../lib/engine/state/checkpoint-format";
import { run } from "../cli/in-process";

const commandFile = resolve("dist/cli/pulumi-embedded.js");

/** What an operation told, in short. */
export interface Told {
    readonly result: OperationResult;
    /** `op name` of each step but `same`, in order. */
    readonly steps: readonly string[];
    readonly messages: readonly string[];
}

/** A stack in folders of its own: the program, the state and the cloud that its provider keeps. */
export class TestStack {
    readonly folder = mkdtempSync(join(tmpdir(), "embedded-engine-"));
    readonly program = join(this.folder, "program");
    readonly cloud = join(this.folder, "cloud");
    readonly state = join(this.folder, "state");
    readonly environment: NodeJS.ProcessEnv;
    /** Whether programs and providers run in this process; false where processes themselves are under test. */
    inProcess = true;

    constructor(program: string, variables: NodeJS.ProcessEnv = {}) {
        cpSync(resolve("tests/engine/programs", program), this.program, { recursive: true });
        symlinkSync(resolve("node_modules"), join(this.program, "node_modules"));
        mkdirSync(this.cloud);
        mkdirSync(this.state);
        // What `stack init` would make of the passphrase. With one salt for all stacks its key is derived once in each process.
        writeFileSync(
            join(this.program, "Pulumi.dev.yaml"),
            "encryptionsalt: v1:YrZiC1de4WQ=:v1:o7Mrgd+7d7Exa4q0:nQdM72IA/aR9zp6NY03HPdAwV9yEag==\n",
        );
        this.environment = {
            PATH: process.env.PATH,
            HOME: this.folder,
            PULUMI_HOME: join(this.folder, "home"),
            PULUMI_BACKEND_URL: `file://${this.state}`,
            PULUMI_CONFIG_PASSPHRASE: "correct horse",
            CLOUD: this.cloud,
            ...variables,
        };
    }

    /** A new stack `dev` of the program `items`, which declares what the given text does. */
    static async items(body = "", variables: NodeJS.ProcessEnv = {}): Promise<TestStack> {
        const stack = new TestStack("items", variables);
        stack.declare(body);
        await stack.engine().createStack("dev");
        return stack;
    }

    /** Replaces the program. `Item`, `Group` and `pulumi` are there. */
    declare(body: string): void {
        writeFileSync(
            join(this.program, "index.js"),
            `const pulumi = require("@pulumi/pulumi");\nconst { Item, Group } = require("./item.js");\n${body}\n`,
        );
    }

    engine(): EmbeddedEngine {
        return new EmbeddedEngine({
            folder: this.program,
            environment: this.environment,
            stack: "dev",
            inProcess: this.inProcess,
        });
    }

    async run(verb: "preview" | "up" | "refresh" | "destroy", options: RunOptions = {}): Promise<Told> {
        const steps: string[] = [];
        const messages: string[] = [];
        const listener = (event: EngineEvent): void => {
            if (event.kind === "step" && event.step.op !== "same")
                steps.push(`${event.step.op} ${event.step.urn.split("::").at(-1)}`);
            if (event.kind === "diagnostic" && event.severity !== "debug") messages.push(event.message);
        };
        const result = await this.engine()[verb]({ ...options, listener });
        return { result, steps, messages };
    }

    /** Runs `up` and expects it to succeed. */
    async up(options: RunOptions = {}): Promise<Told> {
        const told = await this.run("up", options);
        if (!told.result.succeeded) throw new Error(`up failed: ${told.messages.join("\n")}`);
        return told;
    }

    /** Runs the command, in this process if `inProcess` is set. */
    async command(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
        const place = { cwd: this.program, env: this.environment };
        if (this.inProcess) return await run(pulumiEmbedded, args, { ...place, inProcess: true });
        const { status, stdout, stderr } = spawnSync(process.execPath, [commandFile, ...args], {
            ...place,
            encoding: "utf8",
        });
        return { status, stdout, stderr };
    }

    /** Starts the command and kills it after so many milliseconds. Resolves when it is gone. */
    killed(afterMs: number, ...args: string[]): Promise<void> {
        return this.#killed(args, () => delay(afterMs));
    }

    /** As `killed`, once the command has written so many lines into its journal, however long that takes. */
    killedInSteps(lines: number, ...args: string[]): Promise<void> {
        const written = () => (existsSync(this.journalFile) ? readFileSync(this.journalFile, "utf8") : "");
        return this.#killed(args, async (signal) => {
            while (!signal.aborted && written().split("\n").length <= lines) await delay(2);
        });
    }

    async #killed(args: readonly string[], moment: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
        const child = spawn(process.execPath, [commandFile, ...args], {
            cwd: this.program,
            env: this.environment,
            stdio: "ignore",
        });
        const ended = new AbortController();
        const gone = new Promise<void>((done) => child.once("exit", () => done()));
        await Promise.race([gone, moment(ended.signal)]);
        ended.abort();
        child.kill("SIGKILL");
        await gone;
    }

    get journalFile(): string {
        return this.checkpointFile.replace(/json$/, "embedded-journal");
    }

    get checkpointFile(): string {
        const [project = ""] = readdirSync(join(this.state, ".pulumi", "stacks"));
        return join(this.state, ".pulumi", "stacks", project, "dev.json");
    }

    get resources(): readonly ResourceJson[] {
        return (
            (JSON.parse(readFileSync(this.checkpointFile, "utf8")) as CheckpointFileJson).checkpoint.latest
                ?.resources ?? []
        );
    }

    resource(name: string): ResourceJson | undefined {
        return this.resources.find(({ urn }) => urn.endsWith(`::${name}`));
    }

    /** What is really there, by key. */
    get live(): Record<string, Record<string, unknown>> {
        const files = readdirSync(this.cloud).filter((name) => name.endsWith(".json"));
        return Object.fromEntries(
            files.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(this.cloud, name), "utf8"))]),
        );
    }

    /** The calls that the provider got since the last time that somebody asked. */
    takeCalls(): string[] {
        const file = join(this.cloud, "calls.log");
        if (!existsSync(file)) return [];
        const calls = readFileSync(file, "utf8").trim().split("\n");
        rmSync(file);
        return calls;
    }

    setLive(key: string, value: Record<string, unknown> | undefined): void {
        if (value === undefined) rmSync(join(this.cloud, `${key}.json`));
        else writeFileSync(join(this.cloud, `${key}.json`), JSON.stringify(value));
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
