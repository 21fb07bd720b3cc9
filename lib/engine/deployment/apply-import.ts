import type { ResourceState } from "../state/resource-state";
import { readPlanned } from "./planned-import";
import type { Step } from "./step";
import type { StepContext } from "./step-context";
import { markSecretOutputs } from "./step-outputs";

/**
 * Adopts a resource that the step generator has read, or one that no program declares yet. What a declaration changes about it is a step of
 * its own.
 */
export async function applyImport(step: Step, context: StepContext): Promise<void> {
    const { old } = step;
    const { preview, recorder } = context;
    if (step.planned !== undefined) step.new = await readPlanned(step.new as ResourceState, step.planned, context);
    const state = step.new as ResourceState;
    markSecretOutputs(state);
    if (old !== undefined) old.delete = true;
    if (!preview) recorder.record({ saved: old === undefined ? [state] : [state, old] });
}
