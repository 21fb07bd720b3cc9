import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { RolloutStack } from "../file/rollout-file";
import type { EngineEvent, EngineResult, OperationOptions, PreviewOptions, StackEngine } from "./stack-engine";

/** In characters: enough of a failed engine's output to find the cause. */
const mostPrinted = 20_000;

/**
 * `pulumi-embedded`, one process for each operation. Each process leads its own group, so that a terminal's ^C reaches the rollout alone,
 * which lets running deployments finish.
 */
export class EmbeddedStackEngine implements StackEngine {
    readonly name = "pulumi-embedded";

    readonly #script: string;
    readonly #environment: NodeJS.ProcessEnv;

    /**
     * @param script the file of the command `pulumi-embedded`
     * @param environment of its processes
     */
    constructor(script: string, environment: NodeJS.ProcessEnv) {
        this.#script = script;
        this.#environment = environment;
    }

    async preview(stack: RolloutStack, options: PreviewOptions): Promise<EngineResult> {
        const preview = () => this.#run(stack, ["up", "--preview-only", ...flagsOf(stack, options)], options);
        const result = await preview();
        if (result.succeeded || !options.create || !/^error: no stack named /m.test(result.printed)) return result;
        const made = await this.#run(stack, ["stack", "init", stack.stack, "--cwd", stack.workDir], options);
        return made.succeeded ? await preview() : made;
    }

    async up(stack: RolloutStack, options: OperationOptions): Promise<EngineResult> {
        return await this.#run(stack, ["up", "--yes", "--skip-preview", ...flagsOf(stack, options)], options);
    }

    async #run(stack: RolloutStack, args: readonly string[], options: OperationOptions): Promise<EngineResult> {
        if (options.cancel.aborted) return { succeeded: false, printed: "cancelled before it began" };
        const child = spawn(process.execPath, [this.#script, ...args, "--non-interactive", "--color", "never"], {
            cwd: stack.workDir,
            env: this.#environment,
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
        });
        const cancel = () => void child.kill("SIGINT");
        options.cancel.addEventListener("abort", cancel);
        let printed = "";
        const print = (text: string): void => {
            if (printed.length < mostPrinted) printed += text;
        };
        child.stderr.setEncoding("utf8").on("data", print);
        const lines = createInterface({ input: child.stdout });
        lines.on("line", (line) => {
            const event = eventOf(line);
            if (event === undefined) print(`${line}\n`);
            else options.onEvent(event);
        });
        try {
            const [status] = await ended(child);
            return { succeeded: status === 0, printed };
        } finally {
            options.cancel.removeEventListener("abort", cancel);
        }
    }
}

async function ended(child: ChildProcess): Promise<[number | null]> {
    const failed = once(child, "error").then(([error]) => {
        throw error;
    });
    return (await Promise.race([once(child, "close"), failed])) as [number | null];
}

function flagsOf(stack: RolloutStack, { refresh, policyPacks }: OperationOptions): string[] {
    return [
        "--json",
        `--refresh=${refresh}`,
        ...["--cwd", stack.workDir, "--stack", stack.stack],
        ...Object.entries(stack.configuration).flatMap(([key, value]) => ["--config", `${key}=${value}`]),
        ...policyPacks.flatMap((folder) => ["--policy-pack", folder]),
    ];
}

function eventOf(line: string): EngineEvent | undefined {
    if (!line.startsWith("{")) return undefined;
    try {
        return JSON.parse(line) as EngineEvent;
    } catch {
        return undefined;
    }
}
