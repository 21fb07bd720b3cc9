import { displayWidth, padded } from "./display-width";
import { visible } from "./visible";
import { wrapped } from "./wrapped";

/** A row, with what belongs below it. */
export interface TableRow {
    readonly cells: readonly string[];
    /** Sentences that are shown on lines of their own below the row. */
    readonly notes?: readonly string[];
}

export interface TableOptions {
    /** How many columns there are. */
    readonly columns: number;
    /** How far the table is indented. */
    readonly indent?: number;
}

const gap = "  ";

/**
 * A table for a terminal or a log, which ends with a line end. Values are made visible and measured in columns. What does not
 * fit is folded: first cells with spaces over several lines, then each row into lines of `head: value`. No name is divided.
 */
export function textTable(
    head: readonly string[],
    rows: readonly TableRow[],
    { columns, indent = 0 }: TableOptions,
): string {
    const shownHead = head.map((title) => visible(title));
    const shownRows = rows.map(({ cells, notes = [] }) => ({
        cells: head.map((_, column) => visible(cells[column] ?? "")),
        notes: notes.map((note) => visible(note)),
    }));
    const room = columns - indent;
    const widths = columnWidths([shownHead, ...shownRows.map(({ cells }) => cells)], room);
    const lines =
        widths === undefined
            ? shownRows.flatMap(({ cells, notes }) => recordLines(shownHead, cells, notes, room))
            : [
                  ...rowLines(shownHead, widths),
                  ...shownRows.flatMap(({ cells, notes }) => [
                      ...rowLines(cells, widths),
                      ...notes.flatMap((note) => indented(wrapped(note, room - 4), 4)),
                  ]),
              ];
    return lines
        .map((line) => `${" ".repeat(indent)}${line}`.trimEnd())
        .map((line) => `${line}\n`)
        .join("");
}

/** The width of each column, or `undefined` where the longest words do not fit beside each other. */
function columnWidths(rows: readonly (readonly string[])[], room: number): number[] | undefined {
    const ofColumn = (measure: (cell: string) => number) =>
        (rows[0] ?? []).map((_, column) => rows.reduce((most, row) => Math.max(most, measure(row[column] ?? "")), 0));
    const natural = ofColumn(displayWidth);
    const widths = ofColumn((cell) => cell.split(" ").reduce((most, word) => Math.max(most, displayWidth(word)), 0));
    let left = room - gap.length * (widths.length - 1) - widths.reduce((sum, width) => sum + width, 0);
    if (left < 0) return undefined;
    // What is left goes to the columns that lack most, a column of the terminal at a time.
    while (left > 0) {
        const lacks = widths.map((width, column) => (natural[column] ?? 0) - width);
        const most = Math.max(...lacks);
        if (most <= 0) break;
        const column = lacks.indexOf(most);
        widths[column] = (widths[column] ?? 0) + 1;
        left -= 1;
    }
    return widths;
}

function rowLines(cells: readonly string[], widths: readonly number[]): string[] {
    const folded = cells.map((cell, column) => wrapped(cell, widths[column] ?? 0));
    const height = folded.reduce((most, lines) => Math.max(most, lines.length), 1);
    return Array.from({ length: height }, (_, line) =>
        folded.map((lines, column) => padded(lines[line] ?? "", widths[column] ?? 0)).join(gap),
    );
}

function recordLines(
    head: readonly string[],
    cells: readonly string[],
    notes: readonly string[],
    room: number,
): string[] {
    const [first = "", ...others] = cells.map((cell, column) => ({ name: head[column] ?? "", cell })).filter(hasText);
    if (first === "") return [];
    return [
        ...wrapped(`${first.name}: ${first.cell}`, room),
        ...others.flatMap(({ name, cell }) => indented(wrapped(`${name}: ${cell}`, room - 2), 2)),
        ...notes.flatMap((note) => indented(wrapped(note, room - 4), 4)),
    ];
}

const hasText = ({ cell }: { readonly cell: string }): boolean => cell !== "";

const indented = (lines: readonly string[], columns: number): string[] =>
    lines.map((line) => `${" ".repeat(columns)}${line}`);
