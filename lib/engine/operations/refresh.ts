import { Aborted } from "../deployment/aborted";
import type { Step } from "../deployment/step";
import type { ResourceState } from "../state/resource-state";
import { refuseUnknownNames } from "./named-resources";
import { type Operation, type OperationOptions, runOperation } from "./operation";
import type { OperationResult } from "./operation-result";
import type { StackSession } from "./stack-session";

/** `refresh`: updates the state to match the resources. */
export async function refreshStack(session: StackSession, options: OperationOptions): Promise<OperationResult> {
    refuseUnknownNames(session, options);
    return await runOperation("refresh", session, options, async (operation) => {
        refuseUnknownTargets(operation);
        await refreshPhase(operation);
    });
}

/**
 * Before an update or a destroy: reads every resource if that is asked for, or else those whose providers want that
 * (deployment_executor.go, refresh).
 */
export async function refreshBefore(operation: Operation, isAskedFor: boolean): Promise<void> {
    if (isAskedFor) {
        refuseUnknownTargets(operation);
        await refreshPhase(operation, true);
    } else if (operation.base.some((state) => state.refreshBeforeUpdate)) {
        await refreshPhase(operation, true, (state) => state.refreshBeforeUpdate);
    }
}

/**
 * Reads every resource and updates the state to match. Missing resources leave the state together at the end, when no other state refers to
 * them. A resource that cannot be read stays as it is, and the operation fails after the others were read. What was read before a
 * cancellation is kept.
 * @param preliminary whether an update or a destroy follows
 */
export async function refreshPhase(
    operation: Operation,
    preliminary = false,
    isWanted: (state: ResourceState) => boolean = () => true,
): Promise<void> {
    const { executor, scope } = operation;
    const steps = operation.base
        .filter((state) => isWanted(state) && scope.reads(state))
        .map((old): Step => ({ op: "refresh", urn: old.urn, type: old.type, old, new: old, preliminary }));
    try {
        if (!(await executor.runAllTolerant(steps))) throw new Aborted();
    } finally {
        recordRefreshed(operation, steps);
    }
}

function recordRefreshed(operation: Operation, steps: readonly Step[]): void {
    const { recorder } = operation;
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
}

/** Reports every target that names no resource, before the first step. @throws Aborted */
function refuseUnknownTargets({ scope, base, log }: Operation): void {
    const known = new Set(base.map(({ urn }) => urn));
    const isKnown = (urn: string): boolean => known.has(urn);
    const unknown = [...scope.unknownTargets(isKnown), ...scope.unknownExcludes(isKnown)];
    for (const urn of unknown) log.faults(unknownTargetText(urn), urn);
    if (unknown.length > 0) throw new Aborted();
}

/** Shells replace `$` and what follows as a variable. */
export const unknownTargetText = (urn: string): string =>
    `Target '${urn}' could not be found in the stack.${urn.includes("$") ? "" : " Did you forget to escape $ in your shell?"}`;

interface Repaired {
    readonly old: ResourceState;
    /** Undefined: gone. */
    readonly state: ResourceState | undefined;
}

/** The refreshed states without missing resources and references to them. Children move to the nearest remaining ancestor. */
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
