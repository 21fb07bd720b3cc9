import { inflateRawSync } from "node:zlib";
import type { ObservedRule } from "../../rule";

/** What a set's state tells of one of its buckets. Absent where a reading found no rule, or none was there before. */
export interface HeldMember {
    readonly rule?: ObservedRule;
    readonly previous?: ObservedRule;
}

/** No set comes near it, and a document that was tampered with can't fill the memory. */
const longestText = 64 * 1024 * 1024;

/**
 * The buckets of a `BucketEncryptionSet`, as its properties `members` and `membersSince` hold them: sorted names, compressed,
 * and what joined or left since. `lib/lifecycle/set` writes them; this room reads them by itself, as any other resource's.
 * @returns `undefined` when they aren't readable
 */
export function packedMembers(members: string, since: Readonly<Record<string, unknown>> = {}): string[] | undefined {
    const text = unpacked(members.split(".")[0] ?? "");
    if (text === undefined) return undefined;
    const names = new Set(text === "" ? [] : text.split("\n"));
    for (const [name, change] of Object.entries(since)) {
        if (change === "removed") names.delete(name);
        else names.add(name);
    }
    return [...names];
}

/**
 * What the property `held` says of each bucket: columns in runs, in the order of the sorted names.
 * @returns `undefined` when it isn't readable, or isn't of these buckets
 */
export function packedRules(names: readonly string[], held: string): ReadonlyMap<string, HeldMember> | undefined {
    try {
        const { v, columns } = JSON.parse(unpacked(held) ?? "");
        if (v !== 1) return undefined;
        const sorted = [...names].sort();
        const [rules, previous] = [columns.rule, columns.previous].map((column) => cellsOf(column, sorted.length));
        return new Map(
            sorted.map((name, index) => [
                name,
                { ...cell("rule", rules?.[index]), ...cell("previous", previous?.[index]) },
            ]),
        );
    } catch {
        return undefined;
    }
}

/** @throws TypeError or RangeError when it isn't a column of so many rows */
function cellsOf(column: { values: unknown[]; runs: number[] } | undefined, length: number): unknown[] {
    if (column === undefined) return [];
    const cells: unknown[] = new Array(length);
    let at = 0;
    for (let pair = 0; pair < column.runs.length; pair += 2) {
        const [index = 0, count = 0] = column.runs.slice(pair, pair + 2);
        if (!(count > 0 && at + count <= length)) throw new RangeError("not a column of these rows");
        cells.fill(column.values[index - 1], at, at + count);
        at += count;
    }
    if (at !== length) throw new RangeError("not a column of these rows");
    return cells;
}

function cell(name: string, value: unknown): Readonly<Record<string, ObservedRule>> {
    const isRule =
        typeof value === "object" && value !== null && typeof (value as ObservedRule).sseAlgorithm === "string";
    return isRule ? { [name]: value as ObservedRule } : {};
}

function unpacked(text: string): string | undefined {
    try {
        return inflateRawSync(Buffer.from(text, "base64"), { maxOutputLength: longestText }).toString();
    } catch {
        return undefined;
    }
}
