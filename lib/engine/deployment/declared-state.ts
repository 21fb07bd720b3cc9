import { emptyState, type ResourceState } from "../state/resource-state";
import type { Goal, ReadGoal } from "./goal";

/** The state that a declaration asks for, before it is checked. @param alias the former URN, if the state has another */
export function declaredState(
    urn: string,
    goal: Goal,
    alias: string | undefined,
    old: ResourceState | undefined,
): ResourceState {
    return {
        ...emptyState(urn, goal.type, goal.custom),
        inputs: goal.properties,
        parent: goal.parent,
        protect: goal.protect ?? false,
        dependencies: goal.dependencies,
        provider: goal.provider,
        propertyDependencies: goal.propertyDependencies,
        additionalSecretOutputs: goal.additionalSecretOutputs,
        aliases: alias === undefined ? [] : [alias],
        customTimeouts: goal.customTimeouts,
        importId: goal.importId,
        retainOnDelete: goal.retainOnDelete ?? false,
        deletedWith: goal.deletedWith,
        replaceWith: goal.replaceWith,
        created: old?.created,
        modified: old?.modified,
        sourcePosition: goal.sourcePosition,
        ignoreChanges: goal.ignoreChanges,
        hideDiff: goal.hideDiff,
        replaceOnChanges: goal.replaceOnChanges,
        replacementTrigger: goal.replacementTrigger,
        refreshBeforeUpdate: old?.refreshBeforeUpdate ?? false,
        resourceHooks: goal.resourceHooks,
    };
}

/** The state of a resource that is only to be read. */
export function stateToRead(urn: string, goal: ReadGoal, alias: string | undefined): ResourceState {
    return {
        ...emptyState(urn, goal.type, true),
        id: goal.id,
        inputs: goal.properties,
        external: true,
        parent: goal.parent,
        dependencies: goal.dependencies,
        provider: goal.provider,
        additionalSecretOutputs: goal.additionalSecretOutputs,
        aliases: alias === undefined ? [] : [alias],
        sourcePosition: goal.sourcePosition,
    };
}
