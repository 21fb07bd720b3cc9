export type PropertyPath = readonly (string | number)[];

/** Reads a path such as `a.b[0]["c d"].*`; `*` stands for every element of a list or map. Undefined when the text is not a path. */
export function parsePropertyPath(text: string): PropertyPath | undefined {
    const path: (string | number)[] = [];
    const part = /\.?(?:\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[]+))/y;
    while (part.lastIndex < text.length) {
        const start = part.lastIndex;
        const match = part.exec(text);
        if (match === null || (text[start] === "." && start === 0)) return undefined;
        const [, index, quoted, name] = match;
        if (index !== undefined) path.push(index === "*" ? "*" : Number(index));
        else path.push(quoted === undefined ? (name as string) : quoted.replace(/\\(.)/g, "$1"));
    }
    return path.length === 0 ? undefined : path;
}

/** A path as checkpoints spell it (sdk/go/common/resource/properties_path.go, PropertyPath.String). */
export function pathText(path: PropertyPath): string {
    return path
        .map((part, index) => {
            if (typeof part === "number") return `[${part}]`;
            if (!/^\w+$/.test(part)) return `["${part.replaceAll('"', '\\"')}"]`;
            return index === 0 ? part : `.${part}`;
        })
        .join("");
}

/** Whether `path`, as a pattern with `*`, names the value at `actual` or one around it. */
export function pathCovers(path: PropertyPath, actual: PropertyPath): boolean {
    return path.length <= actual.length && path.every((part, index) => part === "*" || part === actual[index]);
}
