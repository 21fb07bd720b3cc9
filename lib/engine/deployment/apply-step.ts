import { UserError } from "../../errors";
import type { DynamicProvider } from "../provider/dynamic-provider";
import { InitializationFailure, ProviderFailure } from "../provider/provider-failure";
import type { ProviderRegistry } from "../provider/provider-registry";
import type { ResourceState } from "../state/resource-state";
import type { SnapshotRecorder } from "../state/snapshot-recorder";
import { isProviderType } from "../urn";
import { containsUnknowns, type PropertyMap, type PropertyValue, Secret, valuesEqual } from "../values/property-value";
import { unknownSentinels } from "../values/signatures";
import type { DeploymentLog } from "./deployment-log";
import { applyRefresh } from "./refresh-step";
import type { Step, StepOp } from "./step";

/** What steps work with. */
export interface StepContext {
    readonly preview: boolean;
    readonly providers: ProviderRegistry;
    readonly recorder: SnapshotRecorder;
    readonly log: DeploymentLog;
    /** The URNs that this operation deletes: a resource that goes with another needs no call of its own. */
    readonly deleting: ReadonlySet<string>;
}

/**
 * Does what a step stands for: calls the provider unless it is a preview, fills in the step's new state, and records it.
 * @throws ProviderFailure, UserError
 */
export async function applyStep(step: Step, context: StepContext): Promise<void> {
    await appliers[step.op](step, context);
}

const appliers: Record<StepOp, (step: Step, context: StepContext) => Promise<void>> = {
    same: applySame,
    create: applyCreate,
    "create-replacement": applyCreate,
    update: applyUpdate,
    replace: async () => {},
    delete: applyDelete,
    "delete-replaced": applyDelete,
    discard: applyDelete,
    "discard-replaced": applyDelete,
    "remove-pending-replace": applyDelete,
    read: applyRead,
    "read-replacement": applyRead,
    refresh: applyRefresh,
};

const states = (step: Step): { old: ResourceState; state: ResourceState } => ({
    old: step.old as ResourceState,
    state: step.new as ResourceState,
});

async function applySame(step: Step, context: StepContext): Promise<void> {
    if (step.skipped) return;
    const { old, state } = states(step);
    state.id = old.id;
    state.outputs = old.outputs;
    if (isProviderType(state.type)) context.providers.keep(state);
    context.recorder.record({ saved: [state], dropped: [old] });
}

async function applyCreate(step: Step, context: StepContext): Promise<void> {
    const { preview, recorder, providers } = context;
    const state = step.new as ResourceState;
    if (preview) {
        state.outputs = state.inputs;
        if (isProviderType(state.type)) providers.create(state, preview);
        if (step.old !== undefined && step.deferred) step.old.delete = true;
        return;
    }
    const end = recorder.begin("creating", state);
    let failure: InitializationFailure | undefined;
    try {
        if (isProviderType(state.type)) {
            providers.create(state, preview);
            state.outputs = state.inputs;
        } else if (state.custom) {
            const provider = await providers.load(state.provider);
            const created = await provider.create(state, state.inputs, state.customTimeouts.create ?? 0);
            state.id = created.id;
            state.outputs = refuseUnknowns(created.outputs, step);
        }
    } catch (error) {
        if (!(error instanceof InitializationFailure)) {
            end();
            throw error;
        }
        failure = error;
        keepUninitialized(state, error);
    }
    markSecretOutputs(state);
    state.created = new Date().toISOString();
    state.modified = state.created;
    if (step.old === undefined) end({ saved: [state] });
    else if (step.deferred) {
        step.old.delete = true;
        end({ saved: [state, step.old] });
    } else end({ saved: [state], dropped: [step.old] });
    if (failure !== undefined) throw failure;
}

async function applyUpdate(step: Step, context: StepContext): Promise<void> {
    const { preview, recorder, providers } = context;
    const { old, state } = states(step);
    state.id = old.id;
    if (preview) {
        state.outputs = state.custom ? state.inputs : {};
        if (isProviderType(state.type)) providers.replaceConfiguration(state);
        return;
    }
    const end = recorder.begin("updating", state);
    let failure: InitializationFailure | undefined;
    try {
        if (isProviderType(state.type)) {
            providers.replaceConfiguration(state);
            state.outputs = state.inputs;
            state.modified = new Date().toISOString();
        } else if (state.custom) {
            const provider = await providers.load(state.provider);
            const outputs = await provider.update(
                state,
                old,
                state.inputs,
                state.customTimeouts.update ?? 0,
                step.ignoreChanges ?? [],
            );
            state.outputs = refuseUnknowns(outputs, step);
            state.modified = new Date().toISOString();
        }
    } catch (error) {
        if (!(error instanceof InitializationFailure)) {
            end();
            throw error;
        }
        failure = error;
        keepUninitialized(state, error);
    }
    markSecretOutputs(state);
    // What came of it is known, but not that it is what the new inputs say (pkg/engine/update.go, OnResourceStepPost).
    if (failure !== undefined) state.inputs = old.inputs;
    end({ saved: [state], dropped: [old] });
    if (failure !== undefined) throw failure;
}

async function applyDelete(step: Step, context: StepContext): Promise<void> {
    const old = step.old as ResourceState;
    if (step.op === "delete" && old.protect) {
        throw new UserError(
            "resource-protected",
            `resource "${old.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`up\`, or use the command:\n\`pulumi state unprotect '${old.urn}'\``,
        );
    }
    if (context.preview) return;
    if (step.op === "remove-pending-replace") {
        context.recorder.record({ dropped: [old] });
        return;
    }
    const end = context.recorder.begin("deleting", old);
    try {
        if (needsDeleteCall(old, context)) {
            const provider = await context.providers.load(old.provider);
            await provider.delete(old, old, old.customTimeouts.delete ?? 0);
        }
    } catch (error) {
        end();
        throw error;
    }
    if (step.deferred) {
        old.pendingReplacement = true;
        end({ saved: [old] });
    } else end({ dropped: [old] });
}

function needsDeleteCall(old: ResourceState, { deleting }: StepContext): boolean {
    return (
        old.custom &&
        !isProviderType(old.type) &&
        !old.external &&
        !old.retainOnDelete &&
        !deleting.has(old.deletedWith)
    );
}

async function applyRead(step: Step, context: StepContext): Promise<void> {
    const { preview, recorder, providers } = context;
    const state = step.new as ResourceState;
    // A preview may not know yet what is to be read.
    if (unknownSentinels.has(state.id)) return;
    const end = preview ? () => {} : recorder.begin("reading", state);
    let failure: InitializationFailure | undefined;
    try {
        const provider = await providers.load(state.provider);
        await readInto(provider, state);
    } catch (error) {
        if (!(error instanceof InitializationFailure)) {
            end();
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
        end({ saved: [state, step.old] });
    } else end({ saved: [state], ...(step.old === undefined ? {} : { dropped: [step.old] }) });
    if (failure !== undefined) throw failure;
}

/** Nothing found is told by no properties; a dynamic provider that finds nothing returns some nevertheless, and no id. */
async function readInto(provider: DynamicProvider, state: ResourceState): Promise<void> {
    const read = await provider.read(state, state.id, state.inputs, state.inputs);
    if (read.outputs === undefined) throw new ProviderFailure(`resource '${state.id}' does not exist`);
    state.outputs = read.outputs;
    state.id = read.id || state.id;
}

const hasChanged = (old: ResourceState | undefined, state: ResourceState): boolean =>
    old !== undefined && !(valuesEqual(old.outputs, state.outputs) && valuesEqual(old.inputs, state.inputs));

/** Outputs that the program asked to keep secret, and those whose input of the same name is one. */
export function markSecretOutputs(state: ResourceState): void {
    const outputs: { [key: string]: PropertyValue } = { ...state.outputs };
    const inputKeys = Object.entries(state.inputs).filter(([, value]) => value instanceof Secret);
    for (const key of [...state.additionalSecretOutputs, ...inputKeys.map(([name]) => name)]) {
        const output = outputs[key];
        if (output !== undefined && !(output instanceof Secret)) outputs[key] = new Secret(output);
    }
    state.outputs = outputs;
}

function keepUninitialized(state: ResourceState, failure: InitializationFailure): void {
    state.id = failure.id;
    state.outputs = failure.outputs;
    state.initErrors = failure.reasons.length === 0 ? [failure.message] : failure.reasons;
}

function refuseUnknowns(outputs: PropertyMap, step: Step): PropertyMap {
    if (!containsUnknowns(outputs)) return outputs;
    throw new ProviderFailure(`the provider returned an unknown value for ${step.urn}; only previews may have those`);
}
