import { randomUUID } from "node:crypto";
import { UserError } from "../../errors";
import type { ResourceState } from "../state/resource-state";
import { packageOfType, parseProviderReference, urnType } from "../urn";
import { unknownSentinel } from "../values/signatures";
import { DynamicProvider } from "./dynamic-provider";
import { ProviderFailure } from "./provider-failure";
import type { ProviderHost } from "./provider-host";
import { withoutInternal } from "./provider-inputs";

/** The package of dynamic providers, the only one that this engine hosts. */
export const dynamicPackage = "pulumi-nodejs";

/** Starts a provider host for a project and an engine that the registry does not need to know. */
export type HostStarter = () => Promise<ProviderHost>;

/** The providers of one operation, by the references that resources have. Each provider has its own host process. */
export class ProviderRegistry {
    readonly #loaded = new Map<string, Promise<DynamicProvider>>();
    readonly #known = new Map<string, ResourceState>();
    readonly #started: Promise<ProviderHost>[] = [];
    #spare: Promise<ProviderHost> | undefined;

    readonly #startHost: HostStarter;

    /** @param states the state's resources, which include the providers of earlier operations */
    constructor(startHost: HostStarter, states: Iterable<ResourceState>) {
        this.#startHost = startHost;

        for (const state of states)
            if (packageOfType(state.type) === dynamicPackage) this.#known.set(referenceOf(state), state);
    }

    /** Starts a host in advance, because a host takes most of a second to be ready. */
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
        // The failure is reported to the first call, which may come later.
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
        `The type ${type} needs the provider plugin of the package "${packageOfType(type)}", and pulumi-embedded hosts dynamic providers only`,
        { resource },
    );
}

export const referenceOf = (state: Pick<ResourceState, "urn" | "id">): string =>
    `${state.urn}::${state.id === "" ? unknownSentinel : state.id}`;
