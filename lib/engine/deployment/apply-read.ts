import type { Provider } from "../provider/provider";
import { InitializationFailure, ProviderFailure } from "../provider/provider-failure";
import type { ResourceState } from "../state/resource-state";
import { valuesEqual } from "../values/property-value";
import { unknownSentinels } from "../values/signatures";
import type { Step } from "./step";
import type { StepContext } from "./step-context";
import { markSecretOutputs } from "./step-outputs";

/** Reads a resource that the stack does not manage. */
export async function applyRead(step: Step, context: StepContext): Promise<void> {
    const { preview, recorder, providers } = context;
    const state = step.new as ResourceState;
    // The id may be unknown in a preview.
    if (unknownSentinels.has(state.id)) return;
    const end = preview ? async () => {} : recorder.begin("reading", state);
    let failure: InitializationFailure | undefined;
    try {
        const provider = await providers.load(state.provider);
        await readInto(provider, state);
    } catch (error) {
        if (!(error instanceof InitializationFailure)) {
            await end();
            throw error;
        }
        failure = error;
        state.outputs = error.outputs;
        state.initErrors = error.reasons;
    }
    markSecretOutputs(state);
    state.created = step.old?.created;
    state.modified = hasChanged(step.old, state) ? new Date().toISOString() : step.old?.modified;
    if (step.op === "read-replacement" && step.old !== undefined) {
        step.old.delete = true;
        await end({ saved: [state, step.old] });
    } else await end({ saved: [state], ...(step.old === undefined ? {} : { dropped: [step.old] }) });
    if (failure !== undefined) throw failure;
}

/** A provider returns no properties for a missing resource. A dynamic provider returns properties nevertheless, and no id. */
async function readInto(provider: Provider, state: ResourceState): Promise<void> {
    const read = await provider.read(state, state.id, state.inputs, state.inputs);
    if (read.outputs === undefined) throw new ProviderFailure(`resource '${state.id}' does not exist`);
    state.outputs = read.outputs;
    state.id = read.id || state.id;
    state.refreshBeforeUpdate = read.refreshBeforeUpdate;
}

const hasChanged = (old: ResourceState | undefined, state: ResourceState): boolean =>
    old !== undefined && !(valuesEqual(old.outputs, state.outputs) && valuesEqual(old.inputs, state.inputs));
