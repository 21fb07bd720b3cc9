import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pulumiEmbedded } from "../../lib/cli/pulumi-embedded-command";
import { EmbeddedEngine, type EngineEvent, type OperationResult, type RunOptions } from "../../lib/engine";
import type { CheckpointFileJson, ResourceJson } from "../../lib/engine/state/checkpoint-format";
import { type CommandProcess, type ProcessResult, pulumiEmbeddedCommand, startCommand } from "../cli/command-process";
import { run } from "../cli/in-process";
import { stackSettings, TestProject } from "./test-project";

/** An operation in short. */
export interface OperationSummary {
    readonly result: OperationResult;
    /** `op name` of each step but `same`, in order. */
    readonly steps: readonly string[];
    readonly messages: readonly string[];
}

/**
 * The stack `dev` of a project with one program. Operations, programs and providers run in the test's process, and the state is read from its
 * file, unless a test chooses processes.
 */
export class TestStack extends TestProject {
    /** False where processes are under test: then commands, programs and providers run in processes, as a user's do. */
    inProcess = true;
    /** The command that `begin` starts, with the arguments that each call gets. */
    cli: { readonly command: readonly [string, ...string[]]; readonly args: readonly string[] } = {
        command: pulumiEmbeddedCommand,
        args: [],
    };

    constructor(name: string, files: Readonly<Record<string, string>>, variables: NodeJS.ProcessEnv = {}) {
        super(name, { "Pulumi.dev.yaml": stackSettings, ...files }, variables);
    }

    engine(): EmbeddedEngine {
        const { folder, environment, inProcess } = this;
        return new EmbeddedEngine({ folder, environment, stack: "dev", inProcess });
    }

    /** Runs an operation of an engine in this process. */
    async run(verb: "preview" | "up" | "refresh" | "destroy", options: RunOptions = {}): Promise<OperationSummary> {
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

    /** Runs a command of the CLI, in this process unless processes are under test. */
    async command(...args: string[]): Promise<ProcessResult> {
        if (!this.inProcess) return await this.begin(...args).ended;
        const { folder: cwd, environment: env } = this;
        return await run(pulumiEmbedded, [...args, ...this.cli.args], { env, cwd, inProcess: true });
    }

    /** Runs a command that must succeed. @returns what it printed */
    async succeed(...args: string[]): Promise<string> {
        const { status, output } = await this.command(...args);
        if (status !== 0) throw new Error(`"${args.join(" ")}" ended with ${status}:\n${output}`);
        return output;
    }

    /** Starts a command of the CLI in a process of its own. */
    begin(...args: string[]): CommandProcess {
        return startCommand(this.cli.command, [...args, ...this.cli.args], {
            cwd: this.folder,
            env: this.environment,
        });
    }

    /** Starts a command and kills it after so many milliseconds, as a crash would. Resolves when it is gone. */
    killed(afterMilliseconds: number, ...args: string[]): Promise<ProcessResult> {
        return this.#killed(args, (signal) => delay(afterMilliseconds, undefined, { signal }));
    }

    /** As `killed`, once the command has written so many lines into its journal, however long that takes. */
    killedInSteps(lines: number, ...args: string[]): Promise<ProcessResult> {
        const written = () => (existsSync(this.journalFile) ? readFileSync(this.journalFile, "utf8") : "");
        return this.#killed(args, async (signal) => {
            while (!signal.aborted && written().split("\n").length <= lines) await delay(2);
        });
    }

    async #killed(args: readonly string[], moment: (signal: AbortSignal) => Promise<unknown>): Promise<ProcessResult> {
        const { child, ended } = this.begin(...args);
        const over = new AbortController();
        await Promise.race([ended, moment(over.signal).catch(() => {})]);
        over.abort();
        child.kill("SIGKILL");
        return await ended;
    }

    /** The file of the stack's state. */
    get checkpointFile(): string {
        const stacks = path.join(this.state, ".pulumi", "stacks");
        const [project = ""] = readdirSync(stacks);
        return path.join(stacks, project, "dev.json");
    }

    /** The file in which the engine notes its steps until it has written the state. */
    get journalFile(): string {
        return this.checkpointFile.replace(/json$/, "embedded-journal");
    }

    /** The state's resources, as their file has them. */
    get resources(): readonly ResourceJson[] {
        const { checkpoint } = JSON.parse(readFileSync(this.checkpointFile, "utf8")) as CheckpointFileJson;
        return checkpoint.latest?.resources ?? [];
    }

    resource(name: string): ResourceJson | undefined {
        return this.resources.find(({ urn }) => urn.endsWith(`::${name}`));
    }
}
