import type { ProviderRegistry } from "../provider/provider-registry";
import type { ResourceState } from "../state/resource-state";
import { isProviderType, parseProviderReference } from "../urn";
import { type PropertyMap, type PropertyValue, Unknown } from "../values/property-value";
import { compareWithProvider, meansReplacement, withReplaceOnChanges } from "./resource-diff";
import type { StepOp } from "./step";

export interface DependentReplacement {
    readonly state: ResourceState;
    /** The properties that force it. */
    readonly keys: readonly string[];
}

/**
 * The resources to delete before another one that is deleted first and created again: those with a property that depends on it,
 * if their provider would replace them when that property is unknown (step_generator.go, calculateDependentReplacements).
 */
export class DependentReplacements {
    readonly #base: readonly ResourceState[];
    readonly #providers: ProviderRegistry;
    readonly #decided: ReadonlyMap<string, StepOp>;

    constructor(base: readonly ResourceState[], providers: ProviderRegistry, decided: ReadonlyMap<string, StepOp>) {
        this.#base = base;
        this.#providers = providers;
        this.#decided = decided;
    }

    /** In the order of the state, so that each comes after what it depends on. */
    async of(root: ResourceState): Promise<DependentReplacement[]> {
        const replaced = new Set([root.urn]);
        const found: DependentReplacement[] = [];
        for (const state of this.#base.slice(this.#base.indexOf(root) + 1)) {
            // A resource that was decided on before cannot depend on one that is declared only now.
            if (this.#decided.has(state.urn)) continue;
            const keys = state.replaceWith.includes(root.urn) ? [] : await this.#keysThatForce(state, replaced);
            if (keys === undefined) continue;
            replaced.add(state.urn);
            found.push({ state, keys });
        }
        return found;
    }

    async #keysThatForce(state: ResourceState, replaced: ReadonlySet<string>): Promise<readonly string[] | undefined> {
        if (!state.custom || state.external || state.delete) return undefined;
        const provider = parseProviderReference(state.provider);
        if (provider !== undefined && replaced.has(provider.urn)) return [];
        const inputs: { [key: string]: PropertyValue } = { ...state.inputs };
        let depends = false;
        for (const [key, urns] of state.propertyDependencies) {
            if (!Object.hasOwn(inputs, key) || !urns.some((urn) => replaced.has(urn))) continue;
            inputs[key] = Unknown.instance;
            depends = true;
        }
        if (!depends || isProviderType(state.type)) return undefined;
        return await this.#replaceKeys(state, inputs);
    }

    async #replaceKeys(state: ResourceState, inputs: PropertyMap): Promise<readonly string[] | undefined> {
        const provider = await this.#providers.load(state.provider);
        const found = await compareWithProvider(provider, state, state, inputs, state.ignoreChanges);
        const diff = withReplaceOnChanges(found, state.replaceOnChanges, false);
        return meansReplacement(diff) ? diff.replaces : undefined;
    }
}
