import { readFileSync } from "node:fs";
import path from "node:path";
import { type Command, CommanderError } from "commander";
import { UserError } from "../errors";
import { visibleLines } from "../text";
import type { CommandIo } from "./command-io";
import { exitStatus, statusOf } from "./exit-status";
import { foldedHelp } from "./folded-help";

/** An error in the pulumi CLI's own words, with its own exit status. */
export class CommandRefused extends Error {
    constructor(
        message: string,
        readonly status: number,
    ) {
        super(message);
    }
}

/** One call of a command: where it runs, and its result. */
export class Invocation {
    status: number = exitStatus.succeeded;
    constructor(public io: CommandIo) {}

    /** Makes a commander action of a function that may return an exit status; without one the command has succeeded. */
    readonly action =
        <Arguments extends unknown[]>(act: (io: CommandIo, ...args: Arguments) => unknown) =>
        async (...args: Arguments): Promise<void> => {
            const status = await act(this.io, ...args);
            this.status = typeof status === "number" ? status : exitStatus.succeeded;
        };

    /** An action whose function is loaded when the command is called. */
    readonly lazyAction = <Arguments extends unknown[]>(load: () => (io: CommandIo, ...args: Arguments) => unknown) =>
        this.action((io, ...args: Arguments) => load()(io, ...args));
}

/**
 * Runs one command line: help and version, the command, and the one way in which every command ends with an error.
 * @param build makes the program; its actions are made by `invocation.action`
 * @param unknownHint the hint for options and commands that do not exist
 * @returns the exit status
 */
export async function runCommandLine(
    build: (invocation: Invocation) => Command,
    args: readonly string[],
    io: CommandIo,
    unknownHint = "",
): Promise<number> {
    const invocation = new Invocation(io);
    const program = build(invocation).version(packageVersion(), "-V, --version", "print the version of this package");
    const faults: string[] = [];
    inPlace(program, io, faults);
    try {
        // Without arguments, a command prints its help.
        await program.parseAsync(args.length > 0 ? args : ["--help"], { from: "user" });
        return invocation.status;
    } catch (error) {
        const say = (text: string): void => void io.stderr.write(`${text}\n`);
        if (!(error instanceof CommanderError)) return reported(error, say);
        if (error.exitCode === 0) return exitStatus.succeeded;
        say(visibleLines(faults.join("").trimEnd()));
        if (/^commander\.unknown(Option|Command)$/.test(error.code) && unknownHint !== "") say(unknownHint);
        return exitStatus.badInvocation;
    }
}

export function packageVersion(): string {
    const file = path.join(__dirname, "..", "..", "package.json");
    const { version }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
    return version;
}

/** Commander writes through the port and throws where it would end the process, in every command below this one too. */
function inPlace(command: Command, io: CommandIo, faults: string[]): void {
    command
        .exitOverride()
        .showHelpAfterError("(see --help)")
        // Otherwise descriptions beside long names are not folded.
        .configureHelp({ minWidthToWrap: 20 })
        .configureOutput({
            writeOut: (text) => void io.stdout.write(foldedHelp(text, io.stdout.columns ?? 80)),
            writeErr: (text) => void faults.push(text),
            getOutHelpWidth: () => io.stdout.columns ?? 80,
            getErrHelpWidth: () => io.stderr.columns ?? 80,
            getOutHasColors: () => false,
            getErrHasColors: () => false,
        });
    for (const child of command.commands) inPlace(child, io, faults);
}

/** Prints every error in this one, on a line of its own. @returns the exit status */
function reported(error: unknown, say: (text: string) => void): number {
    if (error instanceof AggregateError && error.errors.length > 0)
        return Math.max(...error.errors.map((one) => reported(one, say)));
    if (error instanceof UserError) {
        say(`error: ${visibleLines(error.message)}`);
        return statusOf(error.kind);
    }
    if (error instanceof CommandRefused) {
        say(`error: ${error.message}`);
        return error.status;
    }
    if (isSystemError(error)) {
        say(`error: ${visibleLines(error.message)}.`);
        return exitStatus.failed;
    }
    say(`internal error: ${error instanceof Error ? error.stack : String(error)}`);
    say("This is a defect of pulumi-bucket-encryption. Please report it with the lines above.");
    return exitStatus.internalError;
}

/** What the operating system refused, such as a file that may not be read: the environment's fault and no defect. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
    return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string";
}
