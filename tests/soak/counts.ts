/** What a soak did, by kind and name. */
export class Counts {
    readonly #counts = new Map<string, Map<string, number>>();

    add(kind: string, name: string, count = 1): void {
        const names = this.#counts.get(kind) ?? new Map<string, number>();
        names.set(name, (names.get(name) ?? 0) + count);
        this.#counts.set(kind, names);
    }

    total(kind: string): number {
        return [...(this.#counts.get(kind)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
    }

    /** A table in Markdown: a row for each kind, with its names by frequency. */
    table(): string {
        const rows = [...this.#counts].map(([kind, names]) => {
            const sorted = [...names].sort(([one, a], [other, b]) => b - a || one.localeCompare(other));
            const parts = sorted.map(([name, count]) => `${name} ${count.toLocaleString("en")}`);
            return `| ${kind} | ${this.total(kind).toLocaleString("en")} | ${parts.join(", ")} |`;
        });
        return ["| what | count | of which |", "| --- | --- | --- |", ...rows].join("\n");
    }
}
