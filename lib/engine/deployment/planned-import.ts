import { ProviderFailure } from "../provider/provider-failure";
import type { ResourceState } from "../state/resource-state";
import { packageOfType } from "../urn";
import { checkFailureText } from "./checked-inputs";
import { importedState } from "./imported-state";
import type { PlannedImport } from "./step";
import type { StepContext } from "./step-context";

/** Reads the resource. Inputs that its provider refuses are reported, and imported nevertheless. @throws ProviderFailure */
export async function readPlanned(
    declared: ResourceState,
    { refusal, properties }: PlannedImport,
    { providers, log }: StepContext,
): Promise<ResourceState> {
    if (refusal !== undefined) throw new ProviderFailure(refusal);
    const created = new Date().toISOString();
    if (!declared.custom) return { ...declared, importId: "", created, modified: created };
    const provider = await providers.load(declared.provider);
    const found = await importedState(declared, provider);
    const kept = Object.entries(found.inputs).filter(([name]) => properties.length === 0 || properties.includes(name));
    const state = { ...found, importId: "", inputs: Object.fromEntries(kept) };
    const { inputs, failures } = await provider.check(state, found.inputs, state.inputs);
    if (failures.length > 0) {
        const why =
            properties.length === 0
                ? `This is almost certainly a bug in the \`${packageOfType(state.type)}\` provider.`
                : "Try specifying a different set of properties to import with in the future.";
        log.says(
            "warning",
            `One or more imported inputs failed to validate. ${why} The import will still proceed, but you will need to edit the generated code after copying it into your program.`,
            state.urn,
        );
    }
    for (const failure of failures) log.says("warning", checkFailureText(state, inputs, failure), state.urn);
    return state;
}
