import { inverted, noDiff } from "../provider/provider-diff";
import { InitializationFailure } from "../provider/provider-failure";
import type { ResourceState } from "../state/resource-state";
import { isProviderType } from "../urn";
import { valuesEqual } from "../values/property-value";
import { compareWithProvider, type ResourceDiff } from "./resource-diff";
import type { Step } from "./step";
import type { StepContext } from "./step-context";
import { markSecretOutputs } from "./step-outputs";

/**
 * Reads a resource and updates its state to match. The difference only decides how the step is shown (RefreshStep in
 * pkg/resource/deploy/step.go). `new` is undefined for a resource that is gone.
 */
export async function applyRefresh(step: Step, context: StepContext): Promise<void> {
    const old = step.old as ResourceState;
    step.result = "same";
    if (!old.custom || isProviderType(old.type) || old.pendingReplacement) {
        step.new = old;
        markSecretOutputs(old);
        return;
    }
    const provider = await context.providers.load(old.provider);
    const state: ResourceState = { ...old, initErrors: [] };
    const end = context.preview ? async () => {} : context.recorder.begin("reading", old);
    try {
        const read = await provider.read(old, old.id, old.outputs, old.inputs);
        if (read.id === "" || read.outputs === undefined) {
            step.result = "delete";
            step.new = undefined;
            await end();
            return;
        }
        state.id = read.id;
        state.outputs = read.outputs;
        state.inputs = read.inputs ?? old.inputs;
        state.refreshBeforeUpdate = read.refreshBeforeUpdate;
    } catch (error) {
        if (!(error instanceof InitializationFailure)) {
            await end();
            throw error;
        }
        state.id = error.id;
        state.outputs = error.outputs;
        state.inputs = error.inputs ?? old.inputs;
        state.initErrors = error.reasons;
        state.refreshBeforeUpdate = error.refreshBeforeUpdate;
        context.log.says(
            "warning",
            `Refreshed resource is in an unhealthy state:\n* ${error.reasons.join("\n* ")}`,
            old.urn,
        );
    }
    // The refreshed state is recorded after all refreshes, when no state refers to missing resources any more.
    await end();
    markSecretOutputs(state);
    if (!valuesEqual(state.outputs, old.outputs) || !valuesEqual(state.inputs, old.inputs))
        state.modified = new Date().toISOString();
    const diff = await driftOf(old, state, context);
    step.new = state;
    step.result = diff.changes === "some" ? "update" : "same";
    // The provider tells how an update would undo what was found.
    step.detailedDiff = inverted(diff.detailed);
}

async function driftOf(old: ResourceState, state: ResourceState, context: StepContext): Promise<ResourceDiff> {
    if (old.external) return { ...noDiff, changes: valuesEqual(old.outputs, state.outputs) ? "none" : "some" };
    const provider = await context.providers.load(old.provider);
    return await compareWithProvider(provider, old, state, old.inputs, old.ignoreChanges);
}
