import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";

const file = path.join(__dirname, "RESULTS.md");

/** Under which conditions a benchmark ran, for the line above its tables. */
export function conditions(): string {
    const day = new Date().toISOString().slice(0, 10);
    return `On ${day}, Node ${process.versions.node}, ${availableParallelism()} cores.`;
}

/** Replaces what a benchmark wrote into RESULTS.md, which stands between two comments with its name. */
export function writeResults(name: string, text: string): void {
    const [begin, end] = [`<!-- ${name}: written by npm run bench -->`, `<!-- end of ${name} -->`];
    const content = readFileSync(file, "utf8");
    const from = content.indexOf(begin);
    const to = content.indexOf(end);
    if (from < 0 || to < from) throw new Error(`bench/RESULTS.md has no place for ${name}: ${begin} and ${end}`);
    writeFileSync(file, `${content.slice(0, from)}${begin}\n\n${text}\n\n${content.slice(to)}`);
}

/** A Markdown table. Columns whose head begins with `>` are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
    const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
    return [
        line(head.map((cell) => cell.replace(/^>/, ""))),
        line(head.map((cell) => (cell.startsWith(">") ? "--:" : "---"))),
        ...rows.map(line),
    ].join("\n");
}
