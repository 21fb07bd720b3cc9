import type { DynamicProvider, ProviderDiff, Target } from "../provider/dynamic-provider";
import type { ResourceState } from "../state/resource-state";
import { parsePropertyPath, pathCovers, withIgnoredChanges } from "../values/property-paths";
import { type PropertyMap, valuesEqual } from "../values/property-value";

/** A difference that is settled: there is one, or there is none. */
export interface ResourceDiff extends ProviderDiff {
    readonly changes: "none" | "some";
}

/** The difference that a provider sees; where it can't say, that of the inputs (step_generator.go, diffResource). */
export async function compareWithProvider(
    provider: DynamicProvider,
    target: Target,
    old: Pick<ResourceState, "id" | "inputs" | "outputs">,
    news: PropertyMap,
    ignoreChanges: readonly string[],
): Promise<ResourceDiff> {
    const diff = await provider.diff(target, old, news, ignoreChanges);
    if (diff.changes !== "unknown") return { ...diff, changes: diff.changes };
    const changedKeys = changedProperties(old.inputs, withIgnoredChanges(news, old.inputs, ignoreChanges) ?? news);
    return { ...diff, changes: changedKeys.length > 0 ? "some" : "none", changedKeys };
}

/** The top-level keys at which two maps differ, sorted. */
export function changedProperties(olds: PropertyMap, news: PropertyMap): string[] {
    return [...new Set([...Object.keys(olds), ...Object.keys(news)])]
        .filter((key) => !valuesEqual(olds[key], news[key]))
        .sort();
}

/** Whether a difference means that the resource has to be replaced. */
export const meansReplacement = (diff: ResourceDiff): boolean => diff.changes === "some" && diff.replaces.length > 0;

/** What a path of `replaceOnChanges` names when it is about a resource that isn't in order. */
const initErrorKey = "#initerror";

/** Changed properties that the program wants a replacement for (step_generator.go, applyReplaceOnChanges). */
export function withReplaceOnChanges(
    diff: ResourceDiff,
    replaceOnChanges: readonly string[],
    hasInitErrors: boolean,
): ResourceDiff {
    if (diff.changes !== "some" && !hasInitErrors) return diff;
    const paths = replaceOnChanges.flatMap((text) => {
        const path = text === "*" ? ["*"] : parsePropertyPath(text);
        return path === undefined ? [] : [path];
    });
    const covered = (key: string): boolean => paths.some((path) => pathCovers(path, [key]));
    const replaces = new Set([...diff.replaces, ...diff.changedKeys.filter(covered)]);
    if (!hasInitErrors || !covered(initErrorKey)) return { ...diff, replaces: [...replaces] };
    return { ...diff, changes: "some", replaces: [...replaces, initErrorKey] };
}
