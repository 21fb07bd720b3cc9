import type { Step } from "../deployment/step";
import type { PropertyDiff } from "../provider/provider-diff";
import { parsePropertyPath } from "../values/property-paths";
import type { PropertyMap, PropertyValue } from "../values/property-value";

/** How each property differs, for documents; `null` where that is not known. */
export function detailedDiffJson({ detailedDiff }: Step): { [path: string]: PropertyDiff } | null {
    return detailedDiff === undefined ? null : Object.fromEntries(detailedDiff);
}

/** As `detailedDiffJson`, with the fields of the CLI's events (apitype.PropertyDiff). */
export function detailedDiffEvent({ detailedDiff }: Step): { [path: string]: object } | null {
    if (detailedDiff === undefined) return null;
    return Object.fromEntries(
        [...detailedDiff].map(([path, { kind, inputDiff }]) => [path, { diffKind: kind, inputDiff }]),
    );
}

/** The properties that differ, marked as the CLI does: `+new, -gone, ~changed`. Undefined where details are not known. */
export function detailedNames({ detailedDiff }: Step): string[] | undefined {
    if (detailedDiff === undefined) return undefined;
    const marks = new Map<string, string>();
    for (const [text, { kind }] of detailedDiff) {
        const [key, ...inner] = topLevel(text);
        const mark = kind.startsWith("add") ? "+" : kind.startsWith("delete") ? "-" : "~";
        if (!key.startsWith("__")) marks.set(key, inner.length > 0 || (marks.get(key) ?? mark) !== mark ? "~" : mark);
    }
    return [...marks].sort().map(([key, mark]) => `${mark}${key}`);
}

/**
 * The properties that differ, before and after: old outputs, or old inputs where the provider says so, and new inputs; in a refresh new
 * outputs (pkg/engine/detailedDiff.go, TranslateDetailedDiff). Undefined where details are not known.
 */
export function detailedPair({ detailedDiff, old, new: state, op }: Step) {
    if (detailedDiff === undefined || old === undefined || state === undefined) return undefined;
    const [olds, news]: Record<string, PropertyValue>[] = [{}, {}];
    const take = (into: Record<string, PropertyValue> | undefined, from: PropertyMap, key: string): void => {
        const value = from[key];
        if (into !== undefined && value !== undefined) into[key] = value;
    };
    for (const [text, { inputDiff }] of detailedDiff) {
        const [key] = topLevel(text);
        take(olds, inputDiff ? old.inputs : old.outputs, key);
        take(news, op === "refresh" ? state.outputs : state.inputs, key);
    }
    return { old: olds as PropertyMap, now: news as PropertyMap };
}

function topLevel(text: string): [string, ...(string | number)[]] {
    const [key = text, ...inner] = parsePropertyPath(text) ?? [];
    return [String(key), ...inner];
}
