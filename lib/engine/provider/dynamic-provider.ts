import type { DynamicResourceProvider, HostedProviders } from "../in-process/hosted-providers";
import { annotateSecrets } from "../values/annotate-secrets";
import { containsUnknowns, type PropertyMap } from "../values/property-value";
import { fromWire, type JsonObject, mapToWire, type WireAbilities } from "../values/wire-values";
import type { Provider } from "./provider";
import type {
    CheckResult,
    CreateResult,
    Known,
    ProviderClient,
    ReadResult,
    Target,
    UpdateResult,
} from "./provider-client";
import { noDiff, type ProviderDiff } from "./provider-diff";
import { InitializationFailure, ProviderFailure } from "./provider-failure";

type Json = Record<string, unknown>;

/** The property of a dynamic resource with the text of its provider. */
const textProperty = "__provider";

/** What the SDK's host gives dynamic providers: neither marks nor references. */
const plain: WireAbilities = { secrets: false, resources: false, unknowns: true };
const former: WireAbilities = { ...plain, assetHashesOnly: true };
const known: WireAbilities = { ...plain, unknowns: false };

/** Whether the provider of a text runs in this process. */
export type HostingChoice = (text: string) => boolean;

/**
 * The provider of dynamic resources. Where its text is one that this process hosts, it is called directly, with what the SDK's host
 * would make of the calls (cmd/dynamic-provider); all others are called in that host, which starts with the first of them.
 */
export class DynamicProvider implements Provider {
    readonly #hosts: HostingChoice;
    readonly #hosted: HostedProviders;
    readonly #startHost: () => Promise<ProviderClient>;
    #started: Promise<ProviderClient> | undefined;
    #remote: Promise<ProviderClient> | undefined;
    #configuration: Parameters<ProviderClient["configure"]> | undefined;
    #isConfigured = true;

    constructor(hosts: HostingChoice, hosted: HostedProviders, startHost: () => Promise<ProviderClient>) {
        this.#hosts = hosts;
        this.#hosted = hosted;
        this.#startHost = startHost;
    }

    /** Starts the SDK's host in advance, because it takes most of a second to be ready. */
    prepare(): void {
        this.#started ??= this.#startHost();
        this.#started.catch(() => {});
    }

    get isConfigured(): boolean {
        return this.#isConfigured;
    }

    async checkConfig(_target: Target, _olds: PropertyMap, news: PropertyMap): Promise<CheckResult> {
        return { inputs: news, failures: [] };
    }

    async diffConfig(): Promise<ProviderDiff> {
        return { ...noDiff, changes: "unknown" };
    }

    async configure(target: Target, id: string, inputs: PropertyMap): Promise<void> {
        this.#configuration = [target, id, inputs];
        this.#isConfigured = !containsUnknowns(inputs);
        if (this.#isConfigured) this.#hosted.configure(mapToWire(inputs, plain));
    }

    async check(target: Target, olds: PropertyMap, news: PropertyMap, preview = false): Promise<CheckResult> {
        if (!this.#isConfigured) return { inputs: news, failures: [] };
        const handler = await this.#handlerOf(news, olds);
        if (handler === undefined) return await (await this.#host()).check(target, olds, news, preview);
        return await this.#printing(async () => {
            const wire = mapToWire(news, preview ? plain : known);
            const { inputs = wire, failures = [] } = (await handler.check?.(mapToWire(olds, former), wire)) ?? {};
            return { inputs: read({ ...inputs, [textProperty]: wire[textProperty] }, news), failures };
        });
    }

    async diff(
        target: Target,
        old: Known,
        news: PropertyMap,
        ignoreChanges: readonly string[] = [],
    ): Promise<ProviderDiff> {
        const handler = await this.#handlerOf(news, old.outputs);
        if (handler === undefined) return await (await this.#host()).diff(target, old, news, ignoreChanges);
        return await this.#printing(async () => {
            const found = (await handler.diff?.(old.id, mapToWire(old.outputs, former), mapToWire(news, former))) ?? {};
            const { changes, replaces = [], deleteBeforeReplace = false } = found;
            const said = changes === undefined ? "unknown" : changes ? "some" : "none";
            return { ...noDiff, changes: said, replaces, deleteBeforeReplace };
        });
    }

    async create(target: Target, inputs: PropertyMap, timeout: number, preview = false): Promise<CreateResult> {
        if (preview) return { id: "", outputs: this.#foreseen(inputs), refreshBeforeUpdate: false };
        const handler = await this.#handlerOf(inputs);
        if (handler === undefined) return await (await this.#host()).create(target, inputs, timeout);
        const wire = mapToWire(inputs, known);
        const { id, outs } = await handler.create(wire).catch((error: unknown) => refuse(error, inputs));
        if (id === "") throw new ProviderFailure("the provider created the resource without an id");
        return { id, outputs: withText(outs, wire, inputs), refreshBeforeUpdate: false };
    }

    async update(
        target: Target,
        old: Known,
        news: PropertyMap,
        timeout: number,
        ignoreChanges: readonly string[],
        preview = false,
    ): Promise<UpdateResult> {
        if (preview) return { outputs: this.#foreseen(news), refreshBeforeUpdate: false };
        const handler = await this.#handlerOf(news);
        if (handler === undefined) {
            return await (await this.#host()).update(target, old, news, timeout, ignoreChanges);
        }
        const wire = mapToWire(news, known);
        const updated = await Promise.resolve(handler.update?.(old.id, mapToWire(old.outputs, former), wire)).catch(
            (error: unknown) => refuse(error, news),
        );
        return { outputs: withText(updated?.outs, wire, news), refreshBeforeUpdate: false };
    }

    async read(
        target: Target,
        id: string,
        outputs: PropertyMap = {},
        inputs: PropertyMap | undefined,
    ): Promise<ReadResult> {
        if (!this.#isConfigured) return { id, outputs: {}, inputs: {}, refreshBeforeUpdate: false };
        const handler = await this.#handlerOf(outputs);
        if (handler === undefined) return await (await this.#host()).read(target, id, outputs, inputs);
        return await this.#printing(async () => {
            const wire = mapToWire(outputs, former);
            const found = handler.read === undefined ? { id, props: wire } : await handler.read(id, wire);
            return {
                id: found.id ?? "",
                outputs: annotateSecrets(withText(found.props, wire, outputs), inputs ?? {}),
                inputs: found.inputs && withText(found.inputs, wire, inputs ?? {}),
                refreshBeforeUpdate: false,
            };
        });
    }

    async delete(target: Target, old: Known, timeout: number): Promise<void> {
        const handler = await this.#handlerOf(old.outputs);
        if (handler === undefined) return await (await this.#host()).delete(target, old, timeout);
        await this.#printing(async () => handler.delete?.(old.id, mapToWire(old.outputs, former)));
    }

    async invoke(token: string): Promise<never> {
        throw new ProviderFailure(`unknown function ${token}`);
    }

    signalCancellation(): void {
        this.#hosted.signalCancellation();
        this.#started?.then(
            (remote) => remote.signalCancellation(),
            () => undefined,
        );
    }

    async close(): Promise<void> {
        this.#hosted.close();
        await (await this.#started?.catch(() => undefined))?.close();
    }

    #foreseen(inputs: PropertyMap): PropertyMap {
        return this.#isConfigured ? inputs : {};
    }

    /** @throws ProviderFailure: the code of dynamic providers has no schema */
    async schema(): Promise<never> {
        throw new ProviderFailure("dynamic providers have no schema");
    }

    /** The handler that this process hosts; undefined for one of the SDK's host. */
    async #handlerOf(properties: PropertyMap, others: PropertyMap = {}): Promise<DynamicResourceProvider | undefined> {
        const { [textProperty]: own } = properties;
        const text = typeof own === "string" ? own : others[textProperty];
        return typeof text === "string" && this.#hosts(text) ? await this.#hosted.provider(text) : undefined;
    }

    async #host(): Promise<ProviderClient> {
        this.#started ??= this.#startHost();
        this.#remote ??= this.#started.then(async (remote) => {
            if (this.#configuration !== undefined) await remote.configure(...this.#configuration);
            return remote;
        });
        return await this.#remote;
    }

    /** The SDK's host prints a failure of these calls before it passes it on. */
    async #printing<Result>(work: () => Promise<Result>): Promise<Result> {
        try {
            return await work();
        } catch (error) {
            this.#hosted.console.error(`${error}: ${(error as Error).stack}`);
            throw new ProviderFailure((error as Error).message, { cause: error });
        }
    }
}

const read = (answer: Json, sent: PropertyMap): PropertyMap =>
    annotateSecrets(fromWire(answer as JsonObject) as PropertyMap, sent);

const withText = (answer: Json | undefined, wire: Json, sent: PropertyMap): PropertyMap =>
    read({ ...answer, [textProperty]: wire[textProperty] }, sent);

/** An error with an id is a resource that exists and is not ready. */
function refuse(error: unknown, inputs: PropertyMap): never {
    const {
        id,
        message,
        properties = {},
        reasons = [],
    } = error as Error & {
        readonly id?: string;
        readonly properties?: Json;
        readonly reasons?: readonly string[];
    };
    if (id) throw new InitializationFailure(id, read(properties, inputs), reasons);
    throw new ProviderFailure(message, { cause: error });
}
