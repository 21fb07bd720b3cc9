import { type PropertyPath, parsePropertyPath, pathCovers } from "../values/property-paths";
import {
    isPropertyList,
    isPropertyMap,
    type PropertyMap,
    type PropertyValue,
    valuesEqual,
} from "../values/property-value";
import { type DiffLine, diffLines } from "./property-text";

const hiddenMark = " (hidden)";

/** Whether a line only names what is hidden. */
export const isHidden = ({ text }: DiffLine): boolean => text.endsWith(hiddenMark);

interface Pair<Value> {
    readonly old: Value;
    readonly now: Value;
}

/**
 * The differences between two sets of properties of a resource that hides the diffs of some paths. Hidden paths are only named, changed
 * or not. When nothing else changed, nothing else is shown (pkg/backend/display/object_diff.go, printOldNewDiffs).
 */
export function diffLinesHiding(olds: PropertyMap, news: PropertyMap, hideDiff: readonly string[]): DiffLine[] {
    if (hideDiff.length === 0) return diffLines(olds, news);
    const { old, now, found } = withoutHidden(olds, news, hideDiff);
    if (found.length === 0) return diffLines(olds, news);
    const lines = diffLines(old, now);
    const hidden = found.map((path): DiffLine => ({ mark: "~ ", text: `${path}${hiddenMark}`, depth: 0 }));
    return lines.some(({ mark }) => mark !== "  ") ? [...hidden, ...lines] : hidden;
}

/** Two sets of properties without the hidden ones, and the hidden paths that were found, sorted. */
export function withoutHidden(
    olds: PropertyMap,
    news: PropertyMap,
    hideDiff: readonly string[],
): Pair<PropertyMap> & { readonly found: readonly string[] } {
    const hidden = hideDiff.map((text) => ({ text, path: parsePropertyPath(text) ?? [text] }));
    const found = new Set<string>();
    const hides = (path: PropertyPath): boolean => {
        const cover = hidden.find((candidate) => pathCovers(candidate.path, path));
        if (cover !== undefined) found.add(cover.text);
        return cover !== undefined;
    };
    return { ...mapsWithout({ old: olds, now: news }, [], hides), found: [...found].sort() };
}

/** Hides keys of maps that both sides have. A map that is added or removed is shown whole. */
function mapsWithout(
    { old, now }: Pair<PropertyMap>,
    prefix: PropertyPath,
    hides: (path: PropertyPath) => boolean,
): Pair<PropertyMap> {
    const olds: Record<string, PropertyValue> = {};
    const news: Record<string, PropertyValue> = {};
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
        const path = [...prefix, key];
        if (hides(path)) continue;
        const values = valuesWithout({ old: old[key], now: now[key] }, path, hides);
        if (values.old !== undefined) olds[key] = values.old;
        if (values.now !== undefined) news[key] = values.now;
    }
    return { old: olds, now: news };
}

function valuesWithout(
    { old, now }: Pair<PropertyValue | undefined>,
    path: PropertyPath,
    hides: (path: PropertyPath) => boolean,
): Pair<PropertyValue | undefined> {
    if (old === undefined || now === undefined) return { old, now };
    if (isPropertyMap(old) && isPropertyMap(now)) return sameOr({ old, now }, mapsWithout({ old, now }, path, hides));
    if (!isPropertyList(old) || !isPropertyList(now)) return { old, now };
    const shared = Math.min(old.length, now.length);
    const items = Array.from({ length: shared }, (_, index) =>
        valuesWithout({ old: old[index], now: now[index] }, [...path, index], hides),
    );
    const rest = (list: readonly PropertyValue[], side: "old" | "now"): PropertyValue[] => [
        ...items.map((item) => item[side] as PropertyValue),
        ...list.slice(shared),
    ];
    return sameOr({ old, now }, { old: rest(old, "old"), now: rest(now, "now") });
}

/** A value that differs in hidden paths only is shown as it was, whole. */
const sameOr = ({ old }: Pair<PropertyValue>, without: Pair<PropertyValue>): Pair<PropertyValue> =>
    valuesEqual(without.old, without.now) ? { old, now: old } : without;
