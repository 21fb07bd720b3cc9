import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type ErrorCode, LineCounter, parseDocument } from "yaml";
import { isNestedTooDeeply, isYamlNestedTooDeeply } from "../../documents";
import { UserError } from "../../errors";
import { counted } from "../../text";
import { countOf, lanesOf, regionGroups } from "../waves/wave-limits";
import { FaultPlaces, type FileFault } from "./file-fault";
import { meaningFaults, members } from "./meaning-faults";
import { isOfUnreadable, readablePart } from "./readable-part";
import type { Pause, RolloutFile, RolloutStack, RolloutWave, TemporalPart } from "./rollout-file";
import { schemaFaults } from "./schema-faults";
import type { WrittenRollout, WrittenStack, WrittenTemporalPart, WrittenWave } from "./written-rollout";

/** More than people write by hand, and too little to exhaust the memory. */
const mostCharacters = 5_000_000;

/** Faults that one error lists: more of them have one cause, such as a bracket that is missing. */
const mostListed = 50;

/** Reads a rollout file. @throws UserError `rollout-file-unreadable`, or `invalid-rollout-file` with every fault by line and column */
export function readRolloutFile(file: string): RolloutFile {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new UserError("rollout-file-unreadable", `The rollout file cannot be read (${code})`, { file });
    }
    const { rollout, faults } = parseRollout(text, path.dirname(path.resolve(file)));
    if (rollout !== undefined) return rollout;
    const shown = faults
        .slice(0, mostListed)
        .map(({ line, column, message }) => `\n  ${file}:${line}:${column}: ${message}`);
    const list = `${shown.join("")}${faults.length > mostListed ? `\n  and ${faults.length - mostListed} more` : ""}`;
    throw new UserError("invalid-rollout-file", `The rollout file has ${counted(faults.length, "fault")}:${list}\n`);
}

/**
 * Reads the text of a rollout file.
 * @param folder the base of relative paths
 */
export function parseRollout(
    text: string,
    folder: string,
): { readonly rollout?: RolloutFile; readonly faults: readonly FileFault[] } {
    if (text.length > mostCharacters)
        return { faults: [{ line: 1, column: 1, message: `The file has more than ${mostCharacters} characters` }] };
    if (isYamlNestedTooDeeply(text)) return { faults: [tooDeep] };
    try {
        return parsed(text, folder);
    } catch (error) {
        // The library and the checks read nested values by recursion.
        if (!(error instanceof RangeError)) throw error;
        return { faults: [tooDeep] };
    }
}

const tooDeep: FileFault = { line: 1, column: 1, message: "The file's values are nested too deeply" };

function parsed(text: string, folder: string): ReturnType<typeof parseRollout> {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
    const places = new FaultPlaces(document, lines);
    const syntax = document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        const message = syntaxTexts[error.code] ?? (error.message.split("\n")[0] as string);
        return { line: Math.max(line, 1), column: Math.max(col, 1), message };
    });
    if (syntax.length > 0) return { faults: syntax };
    let value: unknown;
    try {
        value = document.toJS();
    } catch (error) {
        // Aliases that expand without limit.
        return { faults: [places.at([], (error as Error).message)] };
    }
    if (isNestedTooDeeply(value)) return { faults: [tooDeep] };
    const shape = schemaFaults(value, places);
    const meaning = meaningFaults(readablePart(value), folder, places).filter(
        (fault) => !isOfUnreadable(fault) && !shape.some((other) => isAtOnePlace(fault, other)),
    );
    if (shape.length + meaning.length > 0) return { faults: inOrder([...shape, ...meaning]) };
    return { rollout: understood(value as WrittenRollout, text, folder), faults: [] };
}

/** Messages of the parser that are meant for programmers, in plain words. */
const syntaxTexts: Partial<Record<ErrorCode, string>> = {
    MULTIPLE_DOCS: "The file holds more than one document",
    RESOURCE_EXHAUSTION: tooDeep.message,
};

const isAtOnePlace = (one: FileFault, other: FileFault): boolean =>
    one.line === other.line && one.column === other.column;

const inOrder = (faults: FileFault[]): FileFault[] =>
    faults.sort((one, other) => one.line - other.line || one.column - other.column);

function understood(file: WrittenRollout, text: string, folder: string): RolloutFile {
    const accounts = allowedAccounts(file.stacks.flatMap(({ account }) => account ?? []));
    return {
        name: file.name,
        digest: createHash("sha256").update(text).digest("hex"),
        refresh: file.refresh ?? true,
        policyPacks: (file.policyPacks ?? []).map((pack) => path.resolve(folder, pack)),
        stacks: file.stacks.map((stack) => stackOf(file, stack, folder, accounts)),
        waves: file.waves.map((wave) => waveOf(file, wave)),
        ...(file.temporal !== undefined && { temporal: temporalPart(file.temporal, folder) }),
    };
}

function temporalPart(
    { sharedPlace, codec, heartbeatTimeout = "30s", lockWait = "10m" }: WrittenTemporalPart,
    folder: string,
): TemporalPart {
    const isBucket = /^[a-z0-9]+:\/\//.test(sharedPlace);
    return {
        sharedPlace: isBucket ? sharedPlace : path.resolve(folder, sharedPlace),
        ...(codec !== undefined && { codec: path.resolve(folder, codec) }),
        heartbeatTimeout: secondsIn(heartbeatTimeout),
        lockWait: secondsIn(lockWait),
    };
}

/** @param accounts the guard of a stack without `account` */
function stackOf(
    file: WrittenRollout,
    written: WrittenStack,
    folder: string,
    accounts: Readonly<Record<string, string>>,
): RolloutStack {
    const { name, stack, account, region, configuration, tags } = written;
    const settings = Object.entries(configuration ?? {}).map(([key, value]) => [key, configurationText(value)]);
    return {
        name,
        stack: stack ?? name,
        workDir: path.resolve(folder, written.workDir ?? file.workDir ?? "."),
        ...(account !== undefined && { account }),
        ...(region !== undefined && { region }),
        configuration: {
            ...(region !== undefined && { "bucket-encryption:region": region }),
            ...(account === undefined && accounts),
            ...Object.fromEntries(settings),
            ...(account !== undefined && allowedAccounts([account])),
        },
        tags: Object.fromEntries(Object.entries(tags ?? {}).map(([key, value]) => [key, String(value)])),
    };
}

/** The guard of the stack's provider: its own account, or else all accounts of the file; none where the file names none. */
const allowedAccounts = (ids: readonly string[]): Record<string, string> =>
    ids.length === 0 ? {} : { "bucket-encryption:allowedAccountIds": JSON.stringify([...new Set(ids)]) };

const configurationText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));

function waveOf(file: WrittenRollout, wave: WrittenWave): RolloutWave {
    const names = members(file, wave);
    const regionOf = new Map(file.stacks.map(({ name, region }) => [name, region]));
    const pause = pauseOf(wave.pause);
    return {
        name: wave.name,
        groups: regionGroups(names, regionOf, wave.regionOrder ?? []),
        maxConcurrent: lanesOf(wave.maxConcurrent ?? 1, names.length),
        failureTolerance: countOf(wave.failureTolerance ?? 0, names.length),
        concurrencyMode: wave.concurrencyMode ?? "soft",
        ...(pause !== undefined && { pause }),
    };
}

const secondsOf: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

function pauseOf(pause: WrittenWave["pause"]): Pause | undefined {
    if (pause === undefined) return undefined;
    if (typeof pause === "object") return { for: "until", until: pause.until };
    if (pause === "person") return { for: "person" };
    return { for: "time", seconds: secondsIn(pause) };
}

/** @param duration for instance `30m` */
const secondsIn = (duration: string): number =>
    Number.parseInt(duration, 10) * (secondsOf[duration.at(-1) as string] as number);
