import { deflateRawSync, inflateRawSync } from "node:zlib";

/** Facts about each bucket, by the bucket's name. A row may lack columns. */
export type Table<Column extends string> = ReadonlyMap<string, { readonly [column in Column]?: unknown }>;

interface Packed {
    /** Of the format. */
    readonly v: 1;
    readonly columns: Readonly<Record<string, PackedColumn>>;
}

interface PackedColumn {
    /** Every value that occurs, once. */
    readonly values: readonly unknown[];
    /** Pairs of an index and the number of rows in sequence that have it; 0 is no value, 1 the first. */
    readonly runs: readonly number[];
}

/** Far above the size of any real table, so that a manipulated text cannot fill the memory. */
const longestText = 64 * 1024 * 1024;

/** Writes names as one short text, sorted and compressed. So an engine stores and compares one value and not 50,000. */
export function packNames(names: Iterable<string>): string {
    return packed([...names].sort().join("\n"));
}

/** Reads what `packNames` wrote; `undefined` for any other text. */
export function unpackNames(text: unknown): string[] | undefined {
    const names = unpacked(text);
    if (names === undefined || /[^a-z0-9.\n_-]/i.test(names)) return undefined;
    return names === "" ? [] : names.split("\n");
}

/**
 * Writes a table without the buckets' names. Values that many buckets share are written once.
 * @param columns the columns that are written
 */
export function packColumns<Column extends string>(table: Table<Column>, columns: readonly Column[]): string {
    const names = [...table.keys()].sort();
    const all: Packed = {
        v: 1,
        columns: Object.fromEntries(columns.map((column) => [column, packColumn(names, table, column)])),
    };
    return packed(JSON.stringify(all));
}

/** Reads what `packColumns` wrote of these buckets; `undefined` for any other text. Equal rows in sequence are one object. */
export function unpackColumns<Row extends object>(
    allNames: Iterable<string>,
    text: unknown,
): Map<string, Row> | undefined {
    const columns = readColumns(unpacked(text));
    if (columns === undefined) return undefined;
    const names = [...allNames].sort();
    const rows = new Map<string, Row>();
    const readers = Object.entries(columns).map(([column, packed]) => new RunReader(column, packed));
    for (let at = 0; at < names.length; ) {
        const length = Math.min(...readers.map(({ left }) => left), names.length - at);
        if (length <= 0) return undefined;
        const row = Object.fromEntries(readers.flatMap((reader) => reader.value)) as Row;
        for (const reader of readers) reader.skip(length);
        for (const end = at + length; at < end; at += 1) rows.set(names[at] as string, row);
    }
    return readers.every(({ left }) => left === 0) ? rows : undefined;
}

/** Reads a column run by run: most rows in sequence are equal, and these become one object. */
class RunReader {
    readonly #column: string;
    readonly #values: readonly unknown[];
    readonly #runs: readonly number[];
    #pair = 0;
    /** How many rows the current run still has. */
    left: number;

    constructor(column: string, { values, runs }: PackedColumn) {
        this.#column = column;
        this.#values = values;
        this.#runs = runs;
        this.left = runs[1] ?? 0;
    }

    /** The column with its value; empty where these rows have none. */
    get value(): [string, unknown][] {
        const value = this.#values[(this.#runs[this.#pair] ?? 0) - 1];
        return value === undefined ? [] : [[this.#column, value]];
    }

    skip(rows: number): void {
        this.left -= rows;
        if (this.left > 0) return;
        this.#pair += 2;
        this.left = this.#runs[this.#pair + 1] ?? 0;
    }
}

function packColumn(names: readonly string[], table: Table<string>, column: string): PackedColumn {
    const values: unknown[] = [];
    const indexes = new Map<unknown, number>();
    const known = new Map<string, number>();
    const runs: number[] = [];
    for (const name of names) {
        const value = table.get(name)?.[column];
        let index = value === undefined ? 0 : indexes.get(value);
        if (index === undefined) {
            const text = JSON.stringify(value);
            index = known.get(text) ?? values.push(value);
            known.set(text, index);
            indexes.set(value, index);
        }
        if (runs.at(-2) === index) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
        else runs.push(index, 1);
    }
    return { values, runs };
}

function readColumns(text: string | undefined): Packed["columns"] | undefined {
    try {
        const all = JSON.parse(text ?? "") as Packed;
        const isTable = all.v === 1 && typeof all.columns === "object";
        return isTable && Object.values(all.columns).every(isColumn) ? all.columns : undefined;
    } catch {
        return undefined;
    }
}

function isColumn(column: Partial<PackedColumn> | null): boolean {
    const { values, runs } = column ?? {};
    return Array.isArray(values) && Array.isArray(runs) && runs.every((run) => Number.isSafeInteger(run) && run >= 0);
}

function packed(text: string): string {
    return deflateRawSync(Buffer.from(text), { level: 9 }).toString("base64");
}

function unpacked(text: unknown): string | undefined {
    if (typeof text !== "string") return undefined;
    try {
        return inflateRawSync(Buffer.from(text, "base64"), { maxOutputLength: longestText }).toString();
    } catch {
        return undefined;
    }
}
