import { accessSync, constants, realpathSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError, writing } from "../errors";
import { linkTarget, makeFolder, replaceFile } from "../files";
import { visible } from "../text";
import { type CommandIo, fileIn } from "./command-io";

export interface OutputOptions {
    /** The output may hold secrets: only its owner may read the file. */
    readonly secret?: boolean;
}

/**
 * Writes the output of a command to standard output, or to the file that an option gives, and reports that on standard error. A regular file is replaced as a whole,
 * so a full disk or a crash leaves the old one. Symbolic links are followed; `-`, `/dev/stdout`, pipes and devices are written
 * to. Missing folders are made.
 * @param what is in the file, such as "the audit of 12 buckets"
 * @throws UserError `output-not-written`
 */
export function writeOutput(
    io: Pick<CommandIo, "stdout" | "stderr" | "cwd">,
    given: string | undefined,
    text: string,
    what: string,
    { secret = false }: OutputOptions = {},
): void {
    const name = given ?? "-";
    const stream = streamOf(io, name);
    if (stream !== undefined) {
        stream.write(text);
        return;
    }
    const file = fileIn(io, name);
    const isFile = writing("output-not-written", file, () => write(file, text, secret ? 0o600 : undefined));
    if (isFile) io.stderr.write(`${wroteText(what, name)}\n`);
}

/**
 * Refuses output files that cannot be written, before the command does its work: a folder, a place below a file, a file without the right
 * to write it, and one file for two outputs. Pipes and devices may be named twice.
 * @param files by the options that name them; undefined where an option is not given
 * @throws AggregateError with an `output-not-written` or `invalid-command` for each
 */
export function expectWritable(
    io: Pick<CommandIo, "stdout" | "stderr" | "cwd">,
    files: Readonly<Record<string, string | undefined>>,
): void {
    const options = new Map<string, string>();
    const faults: unknown[] = [];
    for (const [option, name] of Object.entries(files)) {
        if (name === undefined || streamOf(io, name) !== undefined || /^\/(?:dev|proc)\//.test(name)) continue;
        try {
            const place = writing("output-not-written", fileIn(io, name), () => writablePlace(fileIn(io, name)));
            const other = place === undefined ? undefined : options.get(place);
            if (other !== undefined)
                throw new UserError("invalid-command", `${other} and ${option} name the same file, ${visible(name)}`);
            if (place !== undefined) options.set(place, option);
        } catch (error) {
            faults.push(error);
        }
    }
    if (faults.length > 0) throw faults.length === 1 ? faults[0] : new AggregateError(faults);
}

/** @returns a text for each regular file, equal for equal files; undefined for pipes and devices */
function writablePlace(file: string): string | undefined {
    const target = linkTarget(file);
    const old = statSync(target, { throwIfNoEntry: false });
    if (old?.isDirectory()) throw systemError("EISDIR", "open");
    if (old !== undefined && !old.isFile()) return undefined;
    let folder = path.dirname(target);
    while (statSync(folder, { throwIfNoEntry: false }) === undefined) folder = path.dirname(folder);
    if (!statSync(folder).isDirectory()) throw systemError("ENOTDIR", "open");
    try {
        accessSync(folder, constants.W_OK);
    } catch (error) {
        // The file itself may be writable in a folder that is not.
        if (old === undefined) throw error;
        accessSync(target, constants.W_OK);
    }
    if (old !== undefined) return `${old.dev} ${old.ino}`;
    return path.join(realpathSync(folder), path.relative(folder, target));
}

const systemError = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall });

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
