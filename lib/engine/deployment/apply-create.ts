import { withoutInternal } from "../provider/provider-inputs";
import type { ResourceState } from "../state/resource-state";
import { isProviderType } from "../urn";
import type { HookCall } from "./resource-hooks";
import type { Step } from "./step";
import type { StepContext } from "./step-context";
import { initializing, markSecretOutputs, refuseUnknowns } from "./step-outputs";

/** Creates a resource. The one that it replaces, if any, is deleted before or at the end of the operation. */
export async function applyCreate(step: Step, context: StepContext): Promise<void> {
    const { preview, recorder, providers, hooks } = context;
    const state = step.new as ResourceState;
    const call: HookCall = { state, old: undefined, new: state };
    if (preview) {
        await hooks.before("BeforeCreate", call);
        if (isProviderType(state.type)) {
            providers.create(state, preview);
            state.outputs = withoutInternal(state.inputs);
        } else if (state.custom) {
            const provider = await providers.load(state.provider);
            const foreseen = await provider.create(state, state.inputs, state.customTimeouts.create ?? 0, preview);
            state.id = foreseen.id;
            state.outputs = foreseen.outputs;
            markSecretOutputs(state);
        } else state.outputs = state.inputs;
        if (step.old !== undefined && step.deferred) step.old.delete = true;
        if (state.custom) await hooks.after("AfterCreate", { ...call, newOutputs: state.outputs });
        return;
    }
    const end = recorder.begin("creating", state);
    const change = async (): Promise<void> => {
        await hooks.before("BeforeCreate", call);
        if (isProviderType(state.type)) {
            providers.create(state, preview);
            state.outputs = withoutInternal(state.inputs);
        } else if (state.custom) {
            const provider = await providers.load(state.provider);
            const created = await hooks.retrying("create", call, () =>
                provider.create(state, state.inputs, state.customTimeouts.create ?? 0),
            );
            state.id = created.id;
            state.outputs = refuseUnknowns(created.outputs, step);
            state.refreshBeforeUpdate = created.refreshBeforeUpdate;
        }
    };
    const failure = await initializing(state, change, end);
    const newOutputs = state.outputs;
    markSecretOutputs(state);
    state.created = new Date().toISOString();
    state.modified = state.created;
    if (step.old === undefined) await end({ saved: [state] });
    else if (step.deferred) {
        step.old.delete = true;
        await end({ saved: [state, step.old] });
    } else await end({ saved: [state], dropped: [step.old] });
    if (failure !== undefined) throw failure;
    if (state.custom) await hooks.after("AfterCreate", { ...call, newOutputs });
}
