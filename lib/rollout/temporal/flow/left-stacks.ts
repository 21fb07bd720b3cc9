/** A stack of a group that has not arrived. */
export interface LeftStack {
    /** In its group, from 0. */
    readonly position: number;
    /** An earlier turn may have deployed a part. */
    readonly mayBeHalfDone: boolean;
}

/**
 * Stacks as a short text, in their order: `0-499` for all of a shard, `3!,7,450-499` where the fourth may be half done. A history
 * carries this instead of names.
 */
export function leftText(left: readonly LeftStack[]): string {
    const ranges: { from: number; to: number; mark: string }[] = [];
    for (const { position, mayBeHalfDone } of left) {
        const mark = mayBeHalfDone ? "!" : "";
        const last = ranges.at(-1);
        if (last !== undefined && last.to === position - 1 && last.mark === mark) last.to = position;
        else ranges.push({ from: position, to: position, mark });
    }
    return ranges.map(({ from, to, mark }) => (from === to ? `${from}${mark}` : `${from}-${to}${mark}`)).join(",");
}

export function readLeft(text: string): LeftStack[] {
    if (text === "") return [];
    return text.split(",").flatMap((range) => {
        const [, first = "", last = first, mark] = /^(\d+)(?:-(\d+))?(!?)$/.exec(range) ?? [];
        const from = Number(first);
        const count = Number(last) - from + 1;
        return Array.from({ length: count }, (_, index) => ({ position: from + index, mayBeHalfDone: mark === "!" }));
    });
}
