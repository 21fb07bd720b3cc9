import { withoutInternal } from "../provider/provider-inputs";
import type { ResourceState } from "../state/resource-state";
import { isProviderType } from "../urn";
import type { HookCall } from "./resource-hooks";
import type { Step } from "./step";
import type { StepContext } from "./step-context";
import { initializing, markSecretOutputs, refuseUnknowns } from "./step-outputs";

/** Updates a resource to new inputs. */
export async function applyUpdate(step: Step, context: StepContext): Promise<void> {
    const { preview, recorder, providers, hooks } = context;
    const old = step.old as ResourceState;
    const state = step.new as ResourceState;
    state.id = old.id;
    const call: HookCall = { state, old, new: state };
    if (preview) {
        await hooks.before("BeforeUpdate", call);
        if (isProviderType(state.type)) {
            providers.replaceConfiguration(state);
            state.outputs = withoutInternal(state.inputs);
        } else if (state.custom) {
            const provider = await providers.load(state.provider);
            const timeout = state.customTimeouts.update ?? 0;
            const { outputs } = await provider.update(
                state,
                old,
                state.inputs,
                timeout,
                step.ignoreChanges ?? [],
                preview,
            );
            state.outputs = outputs;
            markSecretOutputs(state);
        }
        if (state.custom) await hooks.after("AfterUpdate", { ...call, newOutputs: state.outputs });
        return;
    }
    const end = recorder.begin("updating", state);
    const change = async (): Promise<void> => {
        await hooks.before("BeforeUpdate", call);
        if (isProviderType(state.type)) {
            providers.replaceConfiguration(state);
            state.outputs = withoutInternal(state.inputs);
            state.modified = new Date().toISOString();
        } else if (state.custom) {
            const provider = await providers.load(state.provider);
            const timeout = state.customTimeouts.update ?? 0;
            const updated = await hooks.retrying("update", call, () =>
                provider.update(state, old, state.inputs, timeout, step.ignoreChanges ?? []),
            );
            state.outputs = refuseUnknowns(updated.outputs, step);
            state.refreshBeforeUpdate = updated.refreshBeforeUpdate;
            state.modified = new Date().toISOString();
        }
    };
    const failure = await initializing(state, change, end);
    const newOutputs = state.outputs;
    markSecretOutputs(state);
    // The outputs are known, but may not match the new inputs (pkg/engine/update.go, OnResourceStepPost).
    if (failure !== undefined) state.inputs = old.inputs;
    await end({ saved: [state], dropped: [old] });
    if (failure !== undefined) throw failure;
    if (state.custom) await hooks.after("AfterUpdate", { ...call, newOutputs });
}
