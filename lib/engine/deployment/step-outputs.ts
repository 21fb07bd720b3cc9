import { InitializationFailure, ProviderFailure } from "../provider/provider-failure";
import type { ResourceState } from "../state/resource-state";
import { containsUnknowns, type PropertyMap, type PropertyValue, Secret } from "../values/property-value";
import type { Step } from "./step";

/** Marks outputs as secret that the program lists, and those whose input of the same name is secret. */
export function markSecretOutputs(state: ResourceState): void {
    const outputs: { [key: string]: PropertyValue } = { ...state.outputs };
    const inputKeys = Object.entries(state.inputs).filter(([, value]) => value instanceof Secret);
    for (const key of [...state.additionalSecretOutputs, ...inputKeys.map(([name]) => name)]) {
        const output = outputs[key];
        if (output !== undefined && !(output instanceof Secret)) outputs[key] = new Secret(output);
    }
    state.outputs = outputs;
}

/**
 * Changes a resource, and keeps what is known of it if its initialization fails.
 * @param end ends the recorded operation of another failure
 * @returns the failure, to be thrown when the state is recorded
 */
export async function initializing(
    state: ResourceState,
    change: () => Promise<void>,
    end: () => Promise<void>,
): Promise<InitializationFailure | undefined> {
    try {
        await change();
        return undefined;
    } catch (error) {
        if (error instanceof InitializationFailure) {
            keepUninitialized(state, error);
            return error;
        }
        await end();
        throw error;
    }
}

/** Keeps what is known of a resource whose initialization failed. */
function keepUninitialized(state: ResourceState, failure: InitializationFailure): void {
    state.id = failure.id;
    state.outputs = failure.outputs;
    state.refreshBeforeUpdate = failure.refreshBeforeUpdate;
    state.initErrors = failure.reasons.length === 0 ? [failure.message] : failure.reasons;
}

export function refuseUnknowns(outputs: PropertyMap, step: Step): PropertyMap {
    if (!containsUnknowns(outputs)) return outputs;
    throw new ProviderFailure(`the provider returned an unknown value for ${step.urn}; only previews may have those`);
}
