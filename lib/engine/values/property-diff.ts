import type { PropertyPath } from "./property-paths";
import {
    isPropertyList,
    isPropertyMap,
    type PropertyMap,
    type PropertyValue,
    Secret,
    valuesEqual,
} from "./property-value";

/**
 * The paths where two maps differ, at any depth: changed, added and removed values
 * (sdk/go/common/resource/properties_diff.go, NewDetailedDiffFromObjectDiff).
 */
export function changedPaths(olds: PropertyMap, news: PropertyMap): PropertyPath[] {
    return mapPaths(olds, news, []);
}

function mapPaths(olds: PropertyMap, news: PropertyMap, prefix: PropertyPath): PropertyPath[] {
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
    return keys.flatMap((key) => {
        const old = olds[key] ?? null;
        const now = news[key] ?? null;
        const path = [...prefix, key];
        if (old === null || now === null) return old === now ? [] : [path];
        return valuePaths(old, now, path);
    });
}

function valuePaths(old: PropertyValue, now: PropertyValue, path: PropertyPath): PropertyPath[] {
    if (isPropertyMap(old) && isPropertyMap(now)) return mapPaths(old, now, path);
    if (!isPropertyList(old) || !isPropertyList(now)) return valuesEqual(old, now) ? [] : [path];
    const longer = Math.max(old.length, now.length);
    return Array.from({ length: longer }, (_, index) => index).flatMap((index) => {
        const [before, after] = [old[index], now[index]];
        const inner = [...path, index];
        return before === undefined || after === undefined ? [inner] : valuePaths(before, after, inner);
    });
}

/** The value at a path; undefined where there is none, or null. Marks of secrets on the way do not matter. */
export function valueAt(properties: PropertyMap, path: PropertyPath): PropertyValue | undefined {
    let value: PropertyValue | undefined = properties;
    for (const part of path) {
        if (value instanceof Secret) value = value.value;
        if (isPropertyList(value)) value = value[Number(part)];
        else value = isPropertyMap(value) ? value[part] : undefined;
    }
    return value ?? undefined;
}
