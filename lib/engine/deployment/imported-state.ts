import type { Provider } from "../provider/provider";
import { InitializationFailure, ProviderFailure } from "../provider/provider-failure";
import type { ResourceState } from "../state/resource-state";
import { packageOfType } from "../urn";
import type { PropertyMap } from "../values/property-value";

/**
 * Reads an existing resource that is adopted (pkg/resource/deploy/step.go, ImportStep).
 * @param declared the state that the declaration or the command asks for
 * @returns the state that the resource has now
 * @throws ProviderFailure when it does not exist, or its provider does not support that
 */
export async function importedState(declared: ResourceState, provider: Provider): Promise<ResourceState> {
    const { id, outputs, inputs, initErrors, refreshBeforeUpdate } = await readNow(declared, provider);
    if (outputs === undefined) throw new ProviderFailure(`resource '${declared.importId}' does not exist`);
    if (inputs === undefined) {
        throw new ProviderFailure(
            `provider does not support importing resources; please try updating the '${packageOfType(declared.type)}' plugin`,
        );
    }
    const created = new Date().toISOString();
    return {
        ...declared,
        id: id || declared.importId,
        inputs,
        outputs,
        initErrors,
        created,
        modified: created,
        refreshBeforeUpdate,
    };
}

interface Found {
    readonly id: string;
    readonly outputs: PropertyMap | undefined;
    readonly inputs: PropertyMap | undefined;
    readonly initErrors: readonly string[];
    readonly refreshBeforeUpdate: boolean;
}

async function readNow(declared: ResourceState, provider: Provider): Promise<Found> {
    try {
        return { ...(await provider.read(declared, declared.importId, undefined, undefined)), initErrors: [] };
    } catch (error) {
        if (!(error instanceof InitializationFailure)) throw error;
        const { id, outputs, inputs, reasons, refreshBeforeUpdate } = error;
        return { id, outputs, inputs, initErrors: reasons, refreshBeforeUpdate };
    }
}
