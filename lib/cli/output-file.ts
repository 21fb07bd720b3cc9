import { statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { writing } from "../errors";
import { linkTarget, makeFolder, replaceFile } from "../files";
import { visible } from "../text";
import { type CommandIo, fileIn } from "./command-io";

export interface OutputOptions {
    /** The output may hold secrets: only its owner may read the file. */
    readonly secret?: boolean;
}

/**
 * Writes the output of a command to a file, and reports it on standard error. A regular file is replaced as a whole,
 * so a full disk or a crash leaves the old one. Symbolic links are followed; `-`, `/dev/stdout`, pipes and devices are written
 * to. Missing folders are made.
 * @param what is in the file, such as "the audit of 12 buckets"
 * @throws UserError `output-not-written`
 */
export function writeOutput(
    io: Pick<CommandIo, "stdout" | "stderr" | "cwd">,
    name: string,
    text: string,
    what: string,
    { secret = false }: OutputOptions = {},
): void {
    const stream = streamOf(io, name);
    if (stream !== undefined) {
        stream.write(text);
        return;
    }
    const file = fileIn(io, name);
    const isFile = writing("output-not-written", file, () => write(file, text, secret ? 0o600 : undefined));
    if (isFile) io.stderr.write(`${wroteText(what, name)}\n`);
}

/** A command's line about a file that it has written. */
export const wroteText = (what: string, file: string): string => `Wrote ${visible(what)} to ${visible(file)}.`;

/** Whether a name of an output file stands for the command's standard output. */
export const isStandardOutput = (name: string): boolean =>
    name === "-" || /^\/(?:dev\/stdout|(?:dev|proc\/self)\/fd\/1)$/.test(name);

/** The stream of the command that a name stands for. */
function streamOf(io: Pick<CommandIo, "stdout" | "stderr">, name: string) {
    if (isStandardOutput(name)) return io.stdout;
    return /^\/(?:dev\/stderr|(?:dev|proc\/self)\/fd\/2)$/.test(name) ? io.stderr : undefined;
}

/** @returns whether it is a regular file */
function write(file: string, text: string, mode: number | undefined): boolean {
    const [, descriptor] = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(file) ?? [];
    if (descriptor !== undefined) {
        writeFileSync(Number(descriptor), text);
        return false;
    }
    const target = linkTarget(file);
    makeFolder(path.dirname(target));
    const old = statSync(target, { throwIfNoEntry: false });
    if (old !== undefined && !old.isFile()) {
        writeFileSync(target, text);
        return false;
    }
    try {
        replaceFile(target, text, mode);
    } catch (error) {
        const { code = "" } = error as NodeJS.ErrnoException;
        // The folder cannot hold a new file, or the file is a mount point, as in containers. The file itself may be writable.
        if (old === undefined || !["EACCES", "EPERM", "EROFS", "EBUSY"].includes(code)) throw error;
        writeFileSync(target, text);
    }
    return true;
}
