import type { RolloutStack } from "../file/rollout-file";
import type { EngineCommand } from "./engine-command";
import type { EngineResult, OperationOptions, PreviewOptions, StackEngine } from "./stack-engine";

/** In characters: enough of a failed engine's output to find the cause. */
const mostPrinted = 20_000;

/** `pulumi-embedded`, called once for each operation. */
export class EmbeddedStackEngine implements StackEngine {
    readonly name = "pulumi-embedded";

    readonly #command: EngineCommand;
    readonly #environment: NodeJS.ProcessEnv;

    /**
     * @param command calls `pulumi-embedded`
     * @param environment of its calls
     */
    constructor(command: EngineCommand, environment: NodeJS.ProcessEnv) {
        this.#command = command;
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
        let printed = "";
        const print = (text: string): void => {
            if (printed.length < mostPrinted) printed += text;
        };
        const status = await this.#command({
            args: [...args, "--non-interactive", "--color", "never"],
            folder: stack.workDir,
            environment: this.#environment,
            cancel: options.cancel,
            onLine(line) {
                const event = eventOf(line);
                if (event === undefined) print(`${line}\n`);
                else options.onEvent(event);
            },
            onError: print,
        });
        return { succeeded: status === 0, printed };
    }
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

function eventOf(line: string): unknown {
    if (!line.startsWith("{")) return undefined;
    try {
        return JSON.parse(line);
    } catch {
        return undefined;
    }
}
