import type { Document } from "yaml";
import { isMap, isScalar, type LineCounter, type Node, type Pair } from "yaml";

/** One fault of a rollout file; line and column begin at 1. */
export interface FileFault {
    readonly line: number;
    readonly column: number;
    readonly message: string;
}

export type FaultPath = readonly (string | number)[];

/** Finds the place in the text of a path in the document. */
export class FaultPlaces {
    readonly #document: Document;
    readonly #lines: LineCounter;

    constructor(document: Document, lines: LineCounter) {
        this.#document = document;
        this.#lines = lines;
    }

    /** A fault of the value at a path, or of the nearest value around it. */
    at(path: FaultPath, message: string): FileFault {
        for (let length = path.length; length > 0; length -= 1) {
            const node = this.#document.getIn(path.slice(0, length), true) as Node | undefined;
            if (node?.range) return this.#fault(node.range[0], message);
        }
        return this.#fault(this.#document.contents?.range?.[0] ?? 0, message);
    }

    /** A fault of a member's name. */
    atKey(path: FaultPath, key: string, message: string): FileFault {
        const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
        const pair = isMap(map)
            ? (map.items as Pair<unknown>[]).find(
                  (item) => (isScalar(item.key) ? String(item.key.value) : undefined) === key,
              )
            : undefined;
        const range = isScalar(pair?.key) ? pair.key.range : undefined;
        return range ? this.#fault(range[0], message) : this.at(path, message);
    }

    #fault(offset: number, message: string): FileFault {
        const { line, col } = this.#lines.linePos(offset);
        return { line: Math.max(line, 1), column: Math.max(col, 1), message };
    }
}
