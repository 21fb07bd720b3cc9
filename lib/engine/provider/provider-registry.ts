import { randomUUID } from "node:crypto";
import { UserError } from "../../errors";
import type { ResourceState } from "../state/resource-state";
import { packageOfType, parseProviderReference, urnType } from "../urn";
import { unknownSentinel } from "../values/signatures";
import { DynamicProvider } from "./dynamic-provider";
import { ProviderFailure } from "./provider-failure";
import type { ProviderHost } from "./provider-host";
import { withoutInternal } from "./provider-inputs";

/** The only package whose providers this engine hosts. */
export const dynamicPackage = "pulumi-nodejs";

/** Starts a provider host; the registry's owner knows the project and the address of the engine. */
export type HostStarter = () => Promise<ProviderHost>;

/** The providers of one operation, by the reference that resources name them with. Each has a host process of its own. */
export class ProviderRegistry {
    readonly #loaded = new Map<string, Promise<DynamicProvider>>();
    readonly #known = new Map<string, ResourceState>();
    readonly #started: Promise<ProviderHost>[] = [];
    #spare: Promise<ProviderHost> | undefined;

    readonly #startHost: HostStarter;

    /** @param states where provider resources of earlier operations are found */
    constructor(startHost: HostStarter, states: Iterable<ResourceState>) {
        this.#startHost = startHost;

        for (const state of states)
            if (packageOfType(state.type) === dynamicPackage) this.#known.set(referenceOf(state), state);
    }

    /** Starts a host before anybody asks for it: it takes most of a second to be ready. */
    prepare(): void {
        this.#spare ??= this.#start();
    }

    /** @throws UserError `provider-failed`, ProviderFailure */
    async load(reference: string): Promise<DynamicProvider> {
        const provider = this.#loaded.get(reference);
        if (provider !== undefined) return await provider;
        const state = this.#known.get(reference);
        if (state === undefined) {
            const parsed = parseProviderReference(reference);
            if (parsed !== undefined) refuseOtherPackages(urnType(parsed.urn));
            throw new ProviderFailure(`unknown provider '${reference}'`);
        }
        return await this.#configure(state);
    }

    /** A new provider resource: gets an id of its own, which a preview doesn't know. Nobody waits for its host before it is used. */
    create(state: ResourceState, preview: boolean): void {
        if (!preview) state.id = randomUUID();
        this.#configure(state);
    }

    /** A provider resource that stays as it is. */
    keep(state: ResourceState): void {
        if (!this.#loaded.has(referenceOf(state))) this.#configure(state);
    }

    /** A provider resource with new inputs under the same id: a host of its own, since a host is configured once. */
    replaceConfiguration(state: ResourceState): void {
        this.#configure(state);
    }

    /** Tells every provider that somebody cancelled, as the real engine does (`SignalCancellation`). */
    signalCancellation(): void {
        for (const loading of this.#loaded.values()) {
            loading.then(
                (provider) => provider.signalCancellation(),
                () => undefined,
            );
        }
    }

    /** Ends every host. */
    async close(): Promise<void> {
        await Promise.all([
            ...[...this.#loaded.values()].map(async (provider) => (await provider.catch(() => undefined))?.close()),
            ...this.#started.map(async (host) => (await host.catch(() => undefined))?.end()),
        ]);
    }

    #configure(state: ResourceState): Promise<DynamicProvider> {
        refuseOtherPackages(state.type);
        const provider = this.#takeHost().then(async (host) => {
            const started = new DynamicProvider(host);
            await started.configure(state, state.id === "" ? unknownSentinel : state.id, withoutInternal(state.inputs));
            return started;
        });
        // Whoever asks for the provider gets the failure; nobody may have asked yet.
        provider.catch(() => {});
        this.#known.set(referenceOf(state), state);
        this.#loaded.set(referenceOf(state), provider);
        return provider;
    }

    #takeHost(): Promise<ProviderHost> {
        const host = this.#spare ?? this.#start();
        this.#spare = undefined;
        return host;
    }

    #start(): Promise<ProviderHost> {
        const host = this.#startHost();
        host.catch(() => {});
        this.#started.push(host);
        return host;
    }
}

/** @throws UserError `not-supported-by-embedded-engine` for anything but dynamic providers */
export function refuseOtherPackages(type: string, resource?: string): void {
    if (packageOfType(type) === dynamicPackage) return;
    throw new UserError(
        "not-supported-by-embedded-engine",
        `The type ${type} needs the provider plugin of the package "${packageOfType(type)}"; pulumi-embedded hosts dynamic providers only`,
        { resource },
    );
}

export const referenceOf = (state: Pick<ResourceState, "urn" | "id">): string =>
    `${state.urn}::${state.id === "" ? unknownSentinel : state.id}`;
