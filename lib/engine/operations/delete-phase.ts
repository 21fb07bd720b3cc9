import { Aborted } from "../deployment/aborted";
import { deleteLayers, deleteStep, neededBy } from "../deployment/delete-plan";
import type { Registrar } from "../deployment/registrar";
import type { StepGenerator } from "../deployment/step-generator";
import type { ResourceState } from "../state/resource-state";
import type { Operation } from "./operation";
import { unknownTargetText } from "./refresh";

/** Deletes what a finished program did not declare; in a destroy also what it declared. */
export async function deleteUndeclared(
    operation: Operation,
    generator: StepGenerator,
    registrar: Registrar,
): Promise<void> {
    const { executor, base, scope, log } = operation;
    await registrar.settled();
    await executor.idle();
    if (executor.isAborted || registrar.isIncomplete) throw new Aborted();
    const known = new Set(base.map(({ urn }) => urn));
    const unknown = scope.unknownTargets((urn) => known.has(urn) || generator.isRegistered(urn));
    for (const urn of unknown) log.faults(unknownTargetText(urn), urn);
    const undeclared = base.filter((old) => {
        if (generator.deletedEarly.has(old)) return !generator.isRegistered(generator.aliases.currentName(old.urn));
        return old.delete || !(generator.isRegistered(old.urn) || generator.aliases.isRenamed(old.urn));
    });
    const { condemned } = generator;
    const redeclared = new Set(condemned.map(({ urn }) => urn));
    const states = [...condemned, ...base.filter((old) => old.delete || !redeclared.has(old.urn))];
    await deletePhase(operation, [...condemned, ...undeclared], states);
    if (unknown.length > 0) throw new Aborted();
}

/**
 * Deletes in layers: dependents before what they depend on. Resources out of scope stay. A resource that cannot be deleted, because it is
 * protected or because a tolerated failure occurs, stays with everything that it needs (deployment_executor.go, performPostSteps).
 * @param states all states, dependencies first
 */
export async function deletePhase(
    operation: Operation,
    unwanted: readonly ResourceState[],
    states: readonly ResourceState[] = operation.base,
): Promise<void> {
    const { executor, context, scope, log, options } = operation;
    const isDeletable = scope.deletable(states);
    const steps = unwanted.filter(isDeletable).map((old) => deleteStep(old, old.delete));
    const unnamed = steps.filter(({ urn }) => scope.isUnnamedDelete(urn));
    for (const { urn } of unnamed) {
        const message = `Resource '${urn}' will be destroyed but was not specified in --target list.\nEither include it there or pass --target-dependents to proceed.`;
        log.faults(message, urn);
    }
    if (unnamed.length > 0 && !options.preview) throw new Aborted();
    const kept = unwanted.filter((old) => !isDeletable(old) && !old.delete);
    await executor.run(kept.map((old) => ({ op: "same", urn: old.urn, type: old.type, old, new: { ...old } })));
    for (const { urn } of steps) context.deleting.add(urn);
    for (const layer of deleteLayers(steps, states)) {
        const needed = neededBy(executor.failed, states);
        await executor.runAll(layer.filter(({ old }) => !needed.has(old as ResourceState)));
    }
    if (executor.failed.length > 0) throw new Aborted();
}
