import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** One call of the command `pulumi-embedded`. */
export interface EngineCall {
    readonly args: readonly string[];
    readonly folder: string;
    readonly environment: NodeJS.ProcessEnv;
    /** Aborted when the command is to finish what runs, and to begin nothing new. */
    readonly cancel: AbortSignal;
    /** Takes each line of standard output. */
    readonly onLine: (line: string) => void;
    /** Takes what is written to standard error. */
    readonly onError: (text: string) => void;
}

/** Runs `pulumi-embedded` to its end. @returns its exit status; null when a signal ended it */
export type EngineCommand = (call: EngineCall) => Promise<number | null>;

/**
 * Each call is a process. It is the leader of a group of its own, so that the ^C of a terminal reaches the rollout alone, which lets
 * the stacks finish that are being deployed.
 * @param script the file of the command
 */
export const processCommand =
    (script: string): EngineCommand =>
    async ({ args, folder, environment, cancel, onLine, onError }) => {
        const child = spawn(process.execPath, [script, ...args], {
            cwd: folder,
            env: environment,
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
        });
        const interrupt = () => void child.kill("SIGINT");
        cancel.addEventListener("abort", interrupt);
        child.stderr.setEncoding("utf8").on("data", onError);
        createInterface({ input: child.stdout }).on("line", onLine);
        try {
            const [status] = await ended(child);
            return status;
        } finally {
            cancel.removeEventListener("abort", interrupt);
        }
    };

async function ended(child: ChildProcess): Promise<[number | null]> {
    const failed = once(child, "error").then(([error]) => {
        throw error;
    });
    return (await Promise.race([once(child, "close"), failed])) as [number | null];
}
