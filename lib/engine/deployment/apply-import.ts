import type { ResourceState } from "../state/resource-state";
import { importedState } from "./imported-state";
import { readPlanned } from "./planned-import";
import type { Step } from "./step";
import type { StepContext } from "./step-context";
import { markSecretOutputs } from "./step-outputs";

/** Adopts an existing resource as it is, and completes the step's new state. What a declaration changes about it is a step of its own. */
export async function applyImport(step: Step, context: StepContext): Promise<void> {
    const { old } = step;
    const { preview, recorder, providers } = context;
    const state = step.new as ResourceState;
    const found =
        step.planned === undefined
            ? await importedState(state, await providers.load(state.provider))
            : await readPlanned(state, step.planned, context);
    Object.assign(state, found);
    markSecretOutputs(state);
    if (old !== undefined) old.delete = true;
    if (!preview) recorder.record({ saved: old === undefined ? [state] : [state, old] });
}
