import { randomUUID } from "node:crypto";
import { UserError } from "../../errors";
import type { ResourceState } from "../state/resource-state";
import { packageOfType } from "../urn";
import type { PropertyMap } from "../values/property-value";
import { unknownSentinel } from "../values/signatures";
import type { Provider } from "./provider";
import type { CheckResult } from "./provider-client";
import { noDiff, type ProviderDiff } from "./provider-diff";
import { ProviderFailure } from "./provider-failure";
import type { ProviderHosts } from "./provider-hosts";
import { withoutInternal } from "./provider-inputs";

/** The package of dynamic providers, whose host is part of Pulumi's SDK. */
export const dynamicPackage = "pulumi-nodejs";

/** The providers of one operation, by the references that resources have. Each provider has its own host. */
export class ProviderRegistry {
    readonly #loaded = new Map<string, Promise<Provider>>();
    readonly #known = new Map<string, ResourceState>();
    /** Plugins that have checked their configuration, and have not got it yet, by the URNs of the provider resources. */
    readonly #checked = new Map<string, Promise<Provider>>();
    readonly #providers: Promise<Provider>[] = [];
    #spare: Promise<Provider> | undefined;

    readonly #hosts: ProviderHosts;

    /** @param states the state's resources, which include the providers of earlier operations */
    constructor(hosts: ProviderHosts, states: Iterable<ResourceState>) {
        this.#hosts = hosts;
        for (const state of states)
            if (state.type.startsWith("pulumi:providers:")) this.#known.set(referenceOf(state), state);
    }

    /** Starts a host of dynamic providers in advance, because it takes most of a second to be ready. */
    prepare(): void {
        this.#spare ??= this.#startDynamic();
    }

    /** @throws UserError `plugin-not-found`, `provider-failed`, ProviderFailure */
    async load(reference: string): Promise<Provider> {
        const provider = this.#loaded.get(reference);
        if (provider !== undefined) return await provider;
        const state = this.#known.get(reference);
        if (state === undefined) throw new ProviderFailure(`unknown provider '${reference}'`);
        return await this.#configure(state);
    }

    /** The state of the provider that a reference names; undefined for one that is not known. */
    providerState(reference: string): ResourceState | undefined {
        return this.#known.get(reference);
    }

    /**
     * Lets a provider check the configuration that a provider resource declares. The dynamic host has no opinion on it.
     * @throws UserError `plugin-not-found`, `provider-failed`, ProviderFailure
     */
    async checkConfig(state: ResourceState, olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
        if (isDynamic(state)) return { inputs: news, failures: [] };
        const starting = this.#checked.get(state.urn) ?? this.#startPlugin(packageOfType(state.type), news);
        this.#checked.set(state.urn, starting);
        const provider = await starting;
        const { inputs, failures } = await provider.checkConfig(state, withoutInternal(olds), withoutInternal(news));
        if (failures.length > 0) return { inputs: news, failures };
        if ("version" in inputs && "version" in news && inputs.version !== news.version)
            throw new ProviderFailure(
                `the provider attempted to change its version from "${news.version}" to "${inputs.version}"`,
            );
        const { __internal: internal, version } = news;
        return {
            inputs: {
                ...withoutInternal(inputs),
                ...(version === undefined ? {} : { version }),
                ...(internal === undefined ? {} : { __internal: internal }),
            },
            failures,
        };
    }

    /** The effect of another configuration of a provider. The provider has checked the new one. */
    async diffConfig(
        state: ResourceState,
        old: ResourceState,
        ignoreChanges: readonly string[],
    ): Promise<ProviderDiff> {
        if (isDynamic(state)) return { ...noDiff, changes: "unknown" };
        const checked = this.#checked.get(state.urn) ?? this.load(referenceOf(old));
        const olds = { inputs: withoutInternal(old.inputs), outputs: old.outputs };
        return await (await checked).diffConfig(state, olds, withoutInternal(state.inputs), ignoreChanges);
    }

    /**
     * Whether resources have to be replaced because another provider takes them over (step_generator.go, providerChanged).
     * @param before the old provider's state, @param after a reference to the new one
     */
    async replacesResourcesOf(before: ResourceState, after: string): Promise<boolean> {
        const state = this.#known.get(after);
        if (state === undefined || isDynamic(state)) return false;
        const olds = { inputs: withoutInternal(before.inputs), outputs: before.outputs };
        const provider = await this.load(after);
        const diff = await provider.diffConfig(state, olds, withoutInternal(state.inputs));
        return diff.replaces.length > 0 || isReplacedInDetail(diff);
    }

    /** Adds a new provider resource. It gets an id, which is not known in a preview. The first call waits for its host. */
    create(state: ResourceState, preview: boolean): void {
        if (!preview) state.id = randomUUID();
        this.#configure(state);
    }

    /** Adds a provider resource that is unchanged. */
    keep(state: ResourceState): void {
        if (!this.#loaded.has(referenceOf(state))) this.#configure(state);
    }

    /** Adds a provider resource with new inputs and the same id. It gets another host, since a host is configured once. */
    replaceConfiguration(state: ResourceState): void {
        this.#configure(state);
    }

    /** Tells every provider that the operation was cancelled, as the real engine does (`SignalCancellation`). */
    signalCancellation(): void {
        for (const loading of this.#providers) {
            loading.then(
                (provider) => provider.signalCancellation(),
                () => undefined,
            );
        }
    }

    /** Ends every host. */
    async close(): Promise<void> {
        await Promise.all(this.#providers.map(async (provider) => (await provider.catch(() => undefined))?.close()));
    }

    #configure(state: ResourceState): Promise<Provider> {
        refuseEngineResources(state.type);
        const provider = this.#take(state).then(async (started) => {
            await started.configure(state, state.id === "" ? unknownSentinel : state.id, withoutInternal(state.inputs));
            return started;
        });
        // The failure is reported to the first call, which may come later.
        provider.catch(() => {});
        this.#known.set(referenceOf(state), state);
        this.#loaded.set(referenceOf(state), provider);
        return provider;
    }

    #take(state: ResourceState): Promise<Provider> {
        if (isDynamic(state)) {
            const provider = this.#spare ?? this.#startDynamic();
            this.#spare = undefined;
            return provider;
        }
        const checked = this.#checked.get(state.urn);
        this.#checked.delete(state.urn);
        return checked ?? this.#startPlugin(packageOfType(state.type), state.inputs);
    }

    #startDynamic(): Promise<Provider> {
        return this.#noted(this.#hosts.dynamic());
    }

    #startPlugin(name: string, { version = "" }: PropertyMap): Promise<Provider> {
        return this.#noted(this.#hosts.plugin(name, typeof version === "string" ? version : ""));
    }

    #noted(provider: Promise<Provider>): Promise<Provider> {
        provider.catch(() => {});
        this.#providers.push(provider);
        return provider;
    }
}

const isDynamic = ({ type }: ResourceState): boolean => packageOfType(type) === dynamicPackage;

const isReplacedInDetail = ({ detailed }: ProviderDiff): boolean =>
    [...(detailed?.values() ?? [])].some(({ kind }) => kind.endsWith("-replace"));

/** @throws UserError `not-supported-by-embedded-engine` for the resources that the real engine serves itself */
export function refuseEngineResources(type: string, resource?: string): void {
    if (packageOfType(type) !== "pulumi") return;
    throw new UserError(
        "not-supported-by-embedded-engine",
        `The type ${type} of the engine's own package "pulumi" is not supported by pulumi-embedded`,
        { resource },
    );
}

export const referenceOf = (state: Pick<ResourceState, "urn" | "id">): string =>
    `${state.urn}::${state.id === "" ? unknownSentinel : state.id}`;
