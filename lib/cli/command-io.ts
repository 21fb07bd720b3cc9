import path from "node:path";
import type { Readable, Writable } from "node:stream";
import { exitStatus } from "./exit-status";

export interface CommandInput extends Readable {
    readonly isTTY?: boolean;
}

export interface CommandOutput extends Writable {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
}

/** Everything that a command uses of its process. Commands use nothing else of it, so they run in any process. */
export interface CommandIo {
    readonly stdin: CommandInput;
    readonly stdout: CommandOutput;
    readonly stderr: CommandOutput;
    readonly env: NodeJS.ProcessEnv;
    /** The absolute path of the folder that relative paths on the command line start from. */
    readonly cwd: string;
    /** Calls the listener at each SIGINT and SIGTERM. @returns ends that */
    onSignal(listener: () => void): () => void;
    /** Whether programs and providers of stacks run in this process, as with `EmbeddedEngine`; for tests. */
    readonly inProcess?: boolean;
    /** Ends the process now, also with work under way. */
    endNow(status: number): never;
}

/** @returns the exit status */
export type CommandFunction = (args: readonly string[], io: CommandIo) => Promise<number>;

/** How many columns a report may have: the terminal's, COLUMNS for a pipe or a file, or 80. */
export function widthOf({ stdout, env }: Pick<CommandIo, "stdout" | "env">): number {
    if (stdout.columns !== undefined) return stdout.columns;
    return /^[1-9]\d{1,3}$/.test(env.COLUMNS ?? "") ? Number(env.COLUMNS) : 80;
}

/** The same for a table of `pulumi`'s, which programs read from a pipe: there each row stays on one line. */
export const pulumiTableWidth = ({ stdout }: Pick<CommandIo, "stdout">): number =>
    stdout.columns ?? Number.POSITIVE_INFINITY;

/** A file that the command line names. Where the process runs in the command's folder, the name stays as the user wrote it. */
export function fileIn({ cwd }: Pick<CommandIo, "cwd">, name: string): string {
    return cwd === process.cwd() ? name : path.resolve(cwd, name);
}

/** Runs a command with this process's arguments, streams, environment and signals. */
export function runInThisProcess(command: CommandFunction): void {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
        // A reader that has seen enough, such as `head`, must not end an operation.
        if (error.code === "EPIPE") return;
        process.stderr.write(`error: Standard output cannot be written (${error.code}).\n`);
        process.exitCode = exitStatus.failed;
    });
    const io: CommandIo = {
        stdin: process.stdin,
        stdout: process.stdout,
        stderr: process.stderr,
        env: process.env,
        cwd: process.cwd(),
        onSignal(listener) {
            process.on("SIGINT", listener);
            process.on("SIGTERM", listener);
            return () => {
                process.off("SIGINT", listener);
                process.off("SIGTERM", listener);
            };
        },
        endNow: (status) => process.exit(status),
    };
    command(process.argv.slice(2), io).then((status) => {
        // The exit status is only set, so that everything that was written reaches its reader before the process ends.
        process.exitCode = status === 0 ? process.exitCode : status;
    });
}
