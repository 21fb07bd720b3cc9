import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { randomFor } from "../seed";
import { Defect, defectOf, type FuzzReader, type FuzzTarget } from "./fuzz-target";
import { inputOf } from "./mutate";
import type { Watchdog } from "./watchdog";

/** CPU time that one input may take, in milliseconds: a slow machine counts no waiting. */
const longestMs = 5_000;
/** How much larger the process may be after an input, in bytes. */
const mostGrowth = 1024 ** 3;
const corpusFolder = path.join(__dirname, "..", "vectors", "fuzz");
export const foundFolder = path.join(__dirname, "..", "..", "node_modules", ".cache", "fuzz");

/** Inputs of a target that once found a defect. They are kept for good. */
export function corpusOf({ name }: FuzzTarget): Buffer[] {
    const folder = path.join(corpusFolder, name);
    try {
        return readdirSync(folder)
            .sort()
            .map((file) => readFileSync(path.join(folder, file)));
    } catch {
        return [];
    }
}

/** Reads one input. @returns the reader's fault, if there is one. A cost that is too high must occur twice, since other work may disturb. */
async function defectOn(
    target: FuzzTarget,
    reader: FuzzReader,
    input: Buffer,
    watchdog: Watchdog,
): Promise<string | undefined> {
    const found = await defectOnce(target, reader, input, watchdog);
    return found?.startsWith("it took") ? await defectOnce(target, reader, input, watchdog) : found;
}

async function defectOnce(
    { name }: FuzzTarget,
    reader: FuzzReader,
    input: Buffer,
    watchdog: Watchdog,
): Promise<string | undefined> {
    watchdog.begin(name, input);
    const begun = process.cpuUsage();
    const size = process.memoryUsage.rss();
    let found: string | undefined;
    try {
        await reader.read(input);
    } catch (error) {
        found = error instanceof Defect ? error.message : defectOf(error);
    } finally {
        watchdog.end();
    }
    const { user, system } = process.cpuUsage(begun);
    if (found !== undefined) return found;
    if (user + system > longestMs * 1000) return `it took ${Math.round((user + system) / 1000)} ms of CPU time`;
    const growth = process.memoryUsage.rss() - size;
    return growth > mostGrowth ? `the process grew by ${Math.round(growth / 1024 ** 2)} MiB` : undefined;
}

/**
 * Reads a target's corpus, its samples, and then inputs made of them. @param isOver asked before each further input
 * @returns how many inputs were read
 * @throws Error for the first input that shows a defect, made smaller and kept in a file
 */
export async function playInputs(
    target: FuzzTarget,
    seed: number,
    isOver: (played: number) => boolean,
    watchdog: Watchdog,
): Promise<number> {
    const samples = await target.samples();
    const given = [...corpusOf(target), ...samples.map((text) => Buffer.from(text))];
    const random = randomFor(`inputs of ${target.name}`, seed);
    const reader = await target.open();
    try {
        for (let played = 0; ; played += 1) {
            if (played >= given.length && isOver(played - given.length)) return played;
            const input = given[played] ?? inputOf(samples, random);
            const defect = await defectOn(target, reader, input, watchdog);
            if (defect !== undefined) throw await foundDefect(target, reader, input, defect, watchdog);
        }
    } finally {
        await reader.close?.();
    }
}

async function foundDefect(
    target: FuzzTarget,
    reader: FuzzReader,
    input: Buffer,
    defect: string,
    watchdog: Watchdog,
): Promise<Error> {
    const { name } = target;
    const small = await smallest(input, async (candidate) => {
        const found = await defectOn(target, reader, candidate, watchdog);
        return found !== undefined && kindOf(found) === kindOf(defect);
    });
    const file = keptInput(name, small);
    return new Error(
        `The reader of ${name} has a defect: ${defect}\nThe input is in ${file} (${small.length} of ${input.length} bytes), and begins with ${JSON.stringify(small.toString("latin1").slice(0, 300))}\nKeep it: mkdir -p tests/vectors/fuzz/${name} && cp ${file} tests/vectors/fuzz/${name}/`,
    );
}

/** Writes an input into a file of its own. */
export function keptInput(target: string, input: Buffer): string {
    const folder = path.join(foundFolder, target);
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${createHash("sha256").update(input).digest("hex").slice(0, 16)}.bin`);
    writeFileSync(file, input);
    return file;
}

/** The line of code, or the first words: two inputs of one kind show the same defect. */
const kindOf = (defect: string): string => /\n +at (.*)/.exec(defect)?.[1] ?? defect.slice(0, 30);

/** Leaves out parts, from halves to single bytes, as long as the rest still shows the defect, for 20 s at most. */
async function smallest(input: Buffer, isDefect: (candidate: Buffer) => Promise<boolean>): Promise<Buffer> {
    let best = input;
    const deadline = performance.now() + 20_000;
    const isTime = (): boolean => performance.now() < deadline;
    for (
        let length = Math.ceil(best.length / 2);
        length >= 1 && isTime();
        length = length === 1 ? 0 : Math.ceil(length / 2)
    ) {
        for (let at = 0; at < best.length && isTime(); ) {
            const candidate = Buffer.concat([best.subarray(0, at), best.subarray(at + length)]);
            if (await isDefect(candidate)) best = candidate;
            else at += length;
        }
    }
    return best;
}
