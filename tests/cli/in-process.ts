import { PassThrough, Readable, Writable } from "node:stream";
import type { CommandFunction, CommandIo } from "../../lib/cli/command-io";

export interface CommandResult {
    readonly status: number;
    readonly stdout: string;
    readonly stderr: string;
    /** Standard output and standard error, in the order in which they were written. */
    readonly output: string;
}

export interface Place {
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
    /** Whether programs and providers of stacks run in this process too. */
    readonly inProcess?: boolean;
    /** The content of standard input, which is no terminal. Default: empty. */
    readonly stdin?: string;
}

/** A command that runs in this process. */
export interface Running {
    readonly ended: Promise<CommandResult>;
    /** The output so far, in its order. */
    readonly output: string;
    /** Standard output so far. */
    readonly stdout: string;
    /** Sends SIGINT or SIGTERM: a command does the same at both. */
    signal(): void;
    /** Resolves when standard output and standard error together contain the text. @throws when the command ends without it */
    said(text: string): Promise<void>;
}

/** Begins a command of `lib/cli` in this process, with streams, environment, folder and signals of its own. */
export function begin(command: CommandFunction, args: readonly string[], place: Place = {}): Running {
    const chunks: { readonly from: "stdout" | "stderr"; readonly text: string }[] = [];
    const changed = new PassThrough().resume();
    const collector = (from: "stdout" | "stderr") =>
        new Writable({
            decodeStrings: false,
            write(chunk: string | Buffer, _encoding, done) {
                chunks.push({ from, text: chunk.toString() });
                changed.emit("written");
                done();
            },
        });
    const textOf = (...from: string[]) =>
        chunks
            .filter((chunk) => from.includes(chunk.from))
            .map(({ text }) => text)
            .join("");
    const listeners = new Set<() => void>();
    const io: CommandIo = {
        stdin: Readable.from(place.stdin === undefined ? [] : [Buffer.from(place.stdin)]),
        stdout: collector("stdout"),
        stderr: collector("stderr"),
        env: place.env ?? {},
        cwd: place.cwd ?? process.cwd(),
        inProcess: place.inProcess ?? false,
        onSignal(listener) {
            listeners.add(listener);
            return () => void listeners.delete(listener);
        },
        endNow(status): never {
            throw new Error(`The command ended the process with status ${status}.`);
        },
    };
    let isRunning = true;
    const ended = command(args, io)
        .then((status) => ({
            status,
            stdout: textOf("stdout"),
            stderr: textOf("stderr"),
            output: textOf("stdout", "stderr"),
        }))
        .finally(() => {
            isRunning = false;
            changed.emit("written");
            if (listeners.size > 0) throw new Error(`The command still listens to signals: ${args.join(" ")}`);
        });
    ended.catch(() => {});
    return {
        ended,
        get output() {
            return textOf("stdout", "stderr");
        },
        get stdout() {
            return textOf("stdout");
        },
        signal() {
            for (const listener of [...listeners]) listener();
        },
        async said(text) {
            while (!textOf("stdout", "stderr").includes(text)) {
                if (!isRunning)
                    throw new Error(`The command never said "${text}", but:\n${textOf("stdout", "stderr")}`);
                await new Promise((resolve) => changed.once("written", resolve));
            }
        },
    };
}

/** Runs a command of `lib/cli` in this process to its end. */
export async function run(
    command: CommandFunction,
    args: readonly string[],
    place: Place = {},
): Promise<CommandResult> {
    return await begin(command, args, place).ended;
}
