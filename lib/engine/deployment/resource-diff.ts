import type { Provider } from "../provider/provider";
import type { Known, Target } from "../provider/provider-client";
import { forcing, type PropertyDiff, type ProviderDiff } from "../provider/provider-diff";
import { withIgnoredChanges } from "../values/ignored-changes";
import { changedPaths, valueAt } from "../values/property-diff";
import { type PropertyPath, parsePropertyPath, pathCovers, pathText } from "../values/property-paths";
import type { PropertyMap } from "../values/property-value";

/** A known difference: there is one, or there is none. */
export interface ResourceDiff extends ProviderDiff {
    readonly changes: "none" | "some";
}

/** The difference that a provider reports, or else that of the inputs (step_generator.go, diffResource). */
export async function compareWithProvider(
    provider: Provider,
    target: Target,
    old: Known,
    news: PropertyMap,
    ignoreChanges: readonly string[],
): Promise<ResourceDiff> {
    const diff = await provider.diff(target, old, news, ignoreChanges);
    return known(diff, old.inputs, withIgnoredChanges(news, old.inputs, ignoreChanges).inputs);
}

/** A provider's answer; where it has no opinion, the difference of two maps. */
export function known(diff: ProviderDiff, olds: PropertyMap, news: PropertyMap): ResourceDiff {
    if (diff.changes !== "unknown") return { ...diff, changes: diff.changes };
    const paths = changedPaths(olds, news);
    if (paths.length === 0) return { ...diff, changes: "none" };
    const detailed = new Map(paths.map((path) => [pathText(path), inputDiff(path, olds, news)]));
    return { ...diff, changes: "some", changedKeys: [...new Set(paths.map(([key]) => String(key)))], detailed };
}

function inputDiff(path: PropertyPath, olds: PropertyMap, news: PropertyMap): PropertyDiff {
    const [old, now] = [valueAt(olds, path), valueAt(news, path)];
    return { kind: old === undefined ? "add" : now === undefined ? "delete" : "update", inputDiff: true };
}

/** Whether a difference means that the resource has to be replaced. */
export const meansReplacement = (diff: ResourceDiff): boolean =>
    diff.changes === "some" &&
    (diff.replaces.length > 0 || [...(diff.detailed?.values() ?? [])].some(({ kind }) => kind.endsWith("-replace")));

/** The path of `replaceOnChanges` that stands for a failed initialization. */
const initErrorKey = "#initerror";

/** Changed properties that the program wants a replacement for (step_generator.go, applyReplaceOnChanges). */
export function withReplaceOnChanges(
    diff: ResourceDiff,
    replaceOnChanges: readonly string[],
    hasInitErrors: boolean,
): ResourceDiff {
    if (diff.changes !== "some" && !hasInitErrors) return diff;
    const wanted = replaceOnChanges.flatMap((text) => {
        const path = parsePropertyPath(text);
        return path === undefined ? [] : [path];
    });
    const covers = (actual: PropertyPath): boolean => wanted.some((path) => pathCovers(path, actual));
    const covered = (key: string): boolean => covers(parsePropertyPath(key) ?? [key]);
    const detailed =
        diff.detailed &&
        new Map([...diff.detailed].map(([path, found]) => [path, covered(path) ? forcing(found) : found]));
    const replaces = new Set([...diff.replaces, ...diff.changedKeys.filter(covered)]);
    if (!hasInitErrors || !covered(initErrorKey)) return { ...diff, detailed, replaces: [...replaces] };
    detailed?.set(initErrorKey, { kind: "update-replace", inputDiff: false });
    return { ...diff, detailed, changes: "some", replaces: [...replaces, initErrorKey] };
}
