import { dependedUrns, namedUrns, type ResourceState } from "../state/resource-state";
import { parseProviderReference } from "../urn";
import type { Step, StepOp } from "./step";

/** The step that removes a state; `replaced` when another state took its place. */
export function deleteStep(old: ResourceState, replaced: boolean): Step {
    return { op: deleteOp(old, replaced), urn: old.urn, type: old.type, old };
}

function deleteOp(old: ResourceState, replaced: boolean): StepOp {
    if (old.pendingReplacement && !old.delete) return "remove-pending-replace";
    if (old.external) return replaced ? "discard-replaced" : "discard";
    return replaced ? "delete-replaced" : "delete";
}

/**
 * Sorts deletes into layers. The deletes of a layer run at the same time, after the layers before. A resource goes before all that it depends on:
 * its dependencies, parent, provider, and the children of a component that it depends on (graph.DependenciesOf, ScheduleDeletes).
 * @param base every state in the state's order, in which dependencies come first
 */
export function deleteLayers(steps: readonly Step[], base: readonly ResourceState[]): Step[][] {
    const stepOf = new Map(steps.map((step) => [step.old, step]));
    /** The length of the longest chain of deletes that depend on a resource, by URN. */
    const depth = new Map<string, number>();
    /** The highest depth among a component's children so far. */
    const depthOfChildren = new Map<string, number>();
    const parents = new Map(base.map((state) => [state.urn, state.parent]));
    const layers: Step[][] = [];
    for (const state of base) {
        const step = stepOf.get(state);
        if (step === undefined) continue;
        const below = [
            ...dependedUrns(state).flatMap((urn) => [depth.get(urn), depthOfChildren.get(urn)]),
            depth.get(state.parent),
            depth.get(parseProviderReference(state.provider)?.urn ?? ""),
        ];
        const own = 1 + Math.max(-1, ...below.map((value) => value ?? -1));
        depth.set(state.urn, Math.max(own, depth.get(state.urn) ?? 0));
        for (let parent = state.parent; parent; parent = parents.get(parent) ?? "") {
            if ((depthOfChildren.get(parent) ?? -1) >= own) break;
            depthOfChildren.set(parent, own);
        }
        layers[own] ??= [];
        layers[own]?.push(step);
    }
    return layers.filter((layer) => layer !== undefined).reverse();
}

/** Everything that some states need, directly or through others, without those states themselves. */
export function neededBy(states: readonly ResourceState[], base: readonly ResourceState[]): ReadonlySet<ResourceState> {
    if (states.length === 0) return new Set();
    const living = new Map(base.filter((state) => !state.delete).map((state) => [state.urn, state]));
    const needed = new Set<ResourceState>();
    const open = [...states];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
        for (const urn of namedUrns(state)) {
            const other = living.get(urn);
            if (other === undefined || needed.has(other)) continue;
            needed.add(other);
            open.push(other);
        }
    }
    for (const state of states) needed.delete(state);
    return needed;
}
