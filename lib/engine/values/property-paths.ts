import { isPropertyList, isPropertyMap, type PropertyMap, type PropertyValue, Secret } from "./property-value";

export type PropertyPath = readonly (string | number)[];

/** Reads a path such as `a.b[0]["c d"].*`; `*` stands for every element of a list or map. Undefined when it isn't one. */
export function parsePropertyPath(text: string): PropertyPath | undefined {
    const path: (string | number)[] = [];
    const part = /\.?(?:\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]"]+))/y;
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

/** Whether `path`, as a pattern with `*`, names the value at `actual` or something that holds it. */
export function pathCovers(path: PropertyPath, actual: PropertyPath): boolean {
    return (
        path.length <= actual.length &&
        path.every((part, index) => part === "*" || String(part) === String(actual[index]))
    );
}

/**
 * The new inputs with the values at the paths taken from the old ones: what the option `ignoreChanges` means. A value that
 * was not there before disappears. Returns undefined when a path doesn't lead anywhere in one of the two.
 */
export function withIgnoredChanges(
    news: PropertyMap,
    olds: PropertyMap,
    paths: readonly string[],
): PropertyMap | undefined {
    let result: PropertyMap | undefined = news;
    for (const text of paths) {
        const path = text === "*" ? ["*"] : parsePropertyPath(text);
        if (path === undefined || result === undefined) return undefined;
        result = reset(result, olds, path) as PropertyMap | undefined;
    }
    return result;
}

/** Undefined: the path can't be followed. `absent` as a result means the value is to be removed. */
const absent = Symbol("absent");
type Reset = PropertyValue | typeof absent | undefined;

function reset(value: PropertyValue | undefined, old: PropertyValue | undefined, path: PropertyPath): Reset {
    const [head, ...rest] = path;
    if (head === undefined) return old === undefined ? absent : old;
    if (value instanceof Secret || old instanceof Secret) {
        const inner = reset(
            value instanceof Secret ? value.value : value,
            old instanceof Secret ? old.value : old,
            path,
        );
        return inner === undefined || inner === absent ? inner : new Secret(inner);
    }
    if (value === undefined && old === undefined) return rest.length === 0 ? absent : undefined;
    if (isPropertyList(value ?? old) && isPropertyList(old ?? value)) {
        return resetList(
            (value ?? []) as readonly PropertyValue[],
            (old ?? []) as readonly PropertyValue[],
            head,
            rest,
        );
    }
    if (!isPropertyMap(value ?? old) || !isPropertyMap(old ?? value)) return undefined;
    const news = (value ?? {}) as PropertyMap;
    const olds = (old ?? {}) as PropertyMap;
    const result: { [key: string]: PropertyValue } = { ...news };
    for (const key of head === "*" ? new Set([...Object.keys(news), ...Object.keys(olds)]) : [String(head)]) {
        const changed = reset(news[key], olds[key], rest);
        if (changed === undefined) return undefined;
        if (changed === absent) delete result[key];
        else result[key] = changed;
    }
    return result;
}

function resetList(
    news: readonly PropertyValue[],
    olds: readonly PropertyValue[],
    head: string | number,
    rest: PropertyPath,
): Reset {
    if (head !== "*" && typeof head !== "number") return undefined;
    const result = [...news];
    // Elements can only be put back in their place: a list that grew or shrank keeps its own length.
    const indexes = head === "*" ? [...news.keys()].filter((index) => index < olds.length) : [head];
    for (const index of indexes) {
        if (index >= news.length || index >= olds.length) return undefined;
        const changed = reset(news[index], olds[index], rest);
        if (changed === undefined || changed === absent) return undefined;
        result[index] = changed;
    }
    return result;
}
