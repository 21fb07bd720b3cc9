import { EventEmitter } from "node:events";
import { resolveSdk } from "../processes/sdk-location";
import type { ProviderScript } from "./in-process-provider-host";
import { ModuleRealm } from "./module-realm";

type Json = Record<string, unknown>;

/** A dynamic provider, as the SDK's host knows it (`pulumi.dynamic.ResourceProvider`). */
export interface DynamicResourceProvider {
    configure?(request: { readonly config: unknown }): Promise<void>;
    check?(
        olds: Json,
        news: Json,
    ): Promise<{ inputs?: Json; failures?: readonly { readonly property: string; readonly reason: string }[] }>;
    diff?(
        id: string,
        olds: Json,
        news: Json,
    ): Promise<{ changes?: boolean; replaces?: readonly string[]; deleteBeforeReplace?: boolean }>;
    create(inputs: Json): Promise<{ id: string; outs?: Json }>;
    read?(id: string, properties: Json): Promise<{ id?: string; props?: Json; inputs?: Json }>;
    update?(id: string, olds: Json, news: Json): Promise<{ outs?: Json } | undefined>;
    delete?(id: string, properties: Json): Promise<void>;
}

/**
 * Stands for the HTTP/2 server of the SDK's host. A provider that watches it sees the engine's call to cancel, and the end, as in that
 * host.
 */
class Http2Server extends EventEmitter {}

const cancelPath = "/pulumirpc.ResourceProvider/Cancel";

/** The parts of an operation that the hosted providers need. */
export type HostingPlace = Omit<ProviderScript, "title" | "script">;

/**
 * Dynamic providers that are evaluated in this process, in a realm of their own, and called without the protocol: the values that the
 * SDK's host would give them, without writing and reading messages.
 */
export class HostedProviders {
    readonly #server = new Http2Server();
    readonly #realm: ModuleRealm;
    readonly #providers = new Map<string, Promise<DynamicResourceProvider>>();
    readonly #place: HostingPlace;
    #config: Json = {};

    constructor(place: HostingPlace) {
        this.#place = place;
        this.#realm = new ModuleRealm({
            folder: place.folder,
            environment: place.environment,
            args: [place.engineAddress],
            onLine: place.onLine,
            onExit(code) {
                throw new Error(`A dynamic provider called process.exit(${code})`);
            },
            handles: () => [this.#server],
        });
    }

    /** The console of the providers. */
    get console(): Console {
        return this.#realm.console;
    }

    /** @param config the provider resource's inputs, without marks */
    configure(config: Json): void {
        this.#config = config;
    }

    /** The provider that a text leads to. It is evaluated and configured once. */
    provider(text: string): Promise<DynamicResourceProvider> {
        let provider = this.#providers.get(text);
        if (provider === undefined) {
            provider = this.#evaluate(text);
            this.#providers.set(text, provider);
        }
        return provider;
    }

    signalCancellation(): void {
        this.#server.emit("stream", undefined, { ":path": cancelPath });
    }

    close(): void {
        this.#server.emit("close");
        this.#realm.end(0);
    }

    async #evaluate(text: string): Promise<DynamicResourceProvider> {
        const provider = (this.#realm.loadText(text) as { handler(): DynamicResourceProvider }).handler();
        const { Config } = this.#realm.load(resolveSdk(this.#place.folder, "cmd/dynamic-provider/config")) as {
            Config: new (config: Json, project: string) => unknown;
        };
        await provider.configure?.({ config: new Config(this.#config, this.#place.project) });
        return provider;
    }
}
