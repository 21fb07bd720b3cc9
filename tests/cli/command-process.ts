import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const compiled = path.join(__dirname, "..", "..", "dist", "cli");

/** The shipped commands, each with the Node that runs the tests. */
export const bucketEncryptionCommand = [process.execPath, path.join(compiled, "bucket-encryption.js")] as const;
export const pulumiEmbeddedCommand = [process.execPath, path.join(compiled, "pulumi-embedded.js")] as const;

export interface ProcessResult {
    /** `null` when a signal ended the command. */
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
    /** Standard output and standard error, in the order in which they came. */
    readonly output: string;
}

/** A command in a process of its own. */
export interface CommandProcess {
    readonly child: ChildProcess;
    readonly ended: Promise<ProcessResult>;
    /** The output so far. */
    readonly output: string;
}

/** Starts a command with an empty standard input. */
export function startCommand(
    [file, ...first]: readonly [string, ...string[]],
    args: readonly string[],
    place: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): CommandProcess {
    const child = spawn(file, [...first, ...args], { ...place, stdio: ["ignore", "pipe", "pipe"] });
    const written = { stdout: "", stderr: "", output: "" };
    for (const name of ["stdout", "stderr"] as const)
        child[name].setEncoding("utf8").on("data", (text: string) => {
            written[name] += text;
            written.output += text;
        });
    const ended = once(child, "close").then(([status]) => ({ status: status as number | null, ...written }));
    return {
        child,
        ended,
        get output() {
            return written.output;
        },
    };
}
