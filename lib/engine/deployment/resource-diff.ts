import type { DynamicProvider, ProviderDiff, Target } from "../provider/dynamic-provider";
import type { ResourceState } from "../state/resource-state";
import { withIgnoredChanges } from "../values/ignored-changes";
import { changedPaths } from "../values/property-diff";
import { type PropertyPath, parsePropertyPath, pathCovers } from "../values/property-paths";
import type { PropertyMap } from "../values/property-value";

/** A known difference: there is one, or there is none. */
export interface ResourceDiff extends ProviderDiff {
    readonly changes: "none" | "some";
    /** The paths of the inputs that differ, where the engine compared them itself. */
    readonly paths?: readonly PropertyPath[];
    /** Whether a difference deep in a property forces a replacement. */
    readonly forced?: boolean;
}

/** The difference that a provider reports, or else that of the inputs (step_generator.go, diffResource). */
export async function compareWithProvider(
    provider: DynamicProvider,
    target: Target,
    old: Pick<ResourceState, "id" | "inputs" | "outputs">,
    news: PropertyMap,
    ignoreChanges: readonly string[],
): Promise<ResourceDiff> {
    const diff = await provider.diff(target, old, news, ignoreChanges);
    if (diff.changes !== "unknown") return { ...diff, changes: diff.changes };
    const { inputs } = withIgnoredChanges(news, old.inputs, ignoreChanges);
    const paths = changedPaths(old.inputs, inputs);
    const changedKeys = [...new Set(paths.map(([key]) => String(key)))];
    return { ...diff, changes: changedKeys.length > 0 ? "some" : "none", changedKeys, paths };
}

/** Whether a difference means that the resource has to be replaced. */
export const meansReplacement = (diff: ResourceDiff): boolean =>
    diff.changes === "some" && (diff.replaces.length > 0 || diff.forced === true);

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
    const covered = (key: string): boolean => covers([key]);
    const forced = (diff.paths ?? []).some(covers);
    const replaces = new Set([...diff.replaces, ...diff.changedKeys.filter(covered)]);
    if (!hasInitErrors || !covered(initErrorKey)) return { ...diff, forced, replaces: [...replaces] };
    return { ...diff, forced, changes: "some", replaces: [...replaces, initErrorKey] };
}
