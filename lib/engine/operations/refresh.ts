import { Aborted } from "../deployment/aborted";
import type { Step } from "../deployment/step";
import type { ResourceState } from "../state/resource-state";
import type { Operation } from "./operation";

/**
 * Reads every resource and lets the state take what was found. Resources that are gone leave it, all at once at the end, when
 * nothing names them any more. A resource that can't be read stays as it is, and the operation fails after the others were read.
 */
export async function refreshPhase(operation: Operation): Promise<void> {
    const { executor, recorder } = operation;
    const steps = operation.base
        .filter((state) => !state.delete)
        .map((old): Step => ({ op: "refresh", urn: old.urn, type: old.type, old, new: old }));
    const failed = await executor.runAll(steps, { goOnAfterFailure: true });
    const refreshed = new Map(
        steps.filter((step) => step.result !== undefined).map((step) => [step.old as ResourceState, step]),
    );
    const repaired = withoutVanished(operation.base, refreshed);
    for (const { old, state } of repaired) if (state !== undefined) recorder.substitute(old, state);
    recorder.record({
        saved: repaired.flatMap(({ state }) => (state === undefined ? [] : [state])),
        dropped: repaired.flatMap(({ old, state }) => (state === undefined ? [old] : [])),
    });
    operation.base = repaired.flatMap(({ state }) => (state === undefined ? [] : [state]));
    if (failed) throw new Aborted();
}

interface Repaired {
    readonly old: ResourceState;
    /** Undefined: gone. */
    readonly state: ResourceState | undefined;
}

/** The refreshed states without what is gone and without references to it: children move to the nearest ancestor that is left. */
function withoutVanished(base: readonly ResourceState[], refreshed: ReadonlyMap<ResourceState, Step>): Repaired[] {
    const present = new Set<string>();
    const heirs = new Map<string, string>();
    return base.map((old) => {
        const step = refreshed.get(old);
        const state = step === undefined ? old : step.new;
        if (state === undefined) {
            heirs.set(old.urn, heirs.get(old.parent) ?? old.parent);
            return { old, state };
        }
        present.add(state.urn);
        const known = (urn: string): boolean => present.has(urn);
        const propertyDependencies = new Map(
            [...state.propertyDependencies]
                .map(([key, urns]) => [key, urns.filter(known)] as const)
                .filter(([, urns]) => urns.length > 0),
        );
        const repaired = {
            ...state,
            parent: heirs.get(state.parent) ?? state.parent,
            dependencies: state.dependencies.filter(known),
            propertyDependencies,
            deletedWith: known(state.deletedWith) ? state.deletedWith : "",
            replaceWith: state.replaceWith.filter(known),
        };
        return { old, state: repaired };
    });
}
