import { setTimeout } from "node:timers/promises";
import type { dynamic } from "@pulumi/pulumi";
import { type CredentialSource, configuredCredentials } from "../accounts";
import type { KmsKeys } from "../accounts/kms-keys";
import {
    type BucketEncryptionInputs,
    BucketEncryptionLifecycle,
    type DeclaredProperties,
    type KeyLookup,
    type KeyRequest,
    outputOnlyNames,
} from "../lifecycle";
import { notYetKnown, type RuleIssue } from "../rule";
import {
    type EncryptionStore,
    OssStores,
    type OssStoreTarget,
    type S3Stores,
    type S3StoreTarget,
    storeFamilies,
} from "../stores";
import { hostError } from "./host-error";
import {
    kmsEndpoint,
    readCredentialConfiguration,
    readS3Configuration,
    readStackSettings,
    type StackConfiguration,
} from "./stack-settings";

/** How the host writes a value that only the deployment will know. */
const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * The provider that `handlerText` leads the dynamic provider host to. It translates the host's verbs to the lifecycle's.
 * Only the type is imported from Pulumi's SDK: the host has its own copy, and loading another would cost half a second.
 */
class BucketEncryptionProvider implements dynamic.ResourceProvider {
    #configuration: StackConfiguration = { get: () => undefined };
    #credentials: CredentialSource | undefined;
    #ossStores: OssStores | undefined;
    #s3Stores: S3Stores | undefined;
    #keys: KmsKeys | undefined;
    readonly #lifecycle = new BucketEncryptionLifecycle({
        families: storeFamilies,
        settings: (store) => readStackSettings(this.#configuration, process.env, store),
        open: ({ store, ...target }) => (store === "s3" ? this.#openS3(target) : this.#openOss(target)),
        lookUpKey: (request) => this.#lookUpKey(request),
        notice: (text) => console.log(`bucket-encryption: ${text}`),
        wait: (milliseconds) => setTimeout(milliseconds, undefined, { ref: false }),
    });

    // The host doesn't wait for `configure` before it lets a second call in, so nothing here may be asynchronous.
    async configure({ config }: dynamic.ConfigureRequest): Promise<void> {
        this.#configuration = config;
    }

    async check(olds: DeclaredProperties, news: DeclaredProperties): Promise<dynamic.CheckResult> {
        const { inputs, issues: faults } = this.#lifecycle.check(fromHost(news));
        const issues = faults.length > 0 ? faults : await forHost(this.#askAhead(fromHost(olds), inputs));
        const failures = issues.map(({ path, message }) => ({ property: path, reason: message }));
        return { inputs: toHost(inputs), failures };
    }

    async diff(_id: string, olds: DeclaredProperties, news: DeclaredProperties): Promise<dynamic.DiffResult> {
        const { changed, replaces } = this.#lifecycle.diff(fromHost(olds), fromHost(news));
        return { changes: changed.length > 0, replaces: [...replaces] };
    }

    async create(inputs: DeclaredProperties): Promise<dynamic.CreateResult> {
        const outs = await forHost(
            this.#lifecycle.create(fromHost(inputs) as unknown as BucketEncryptionInputs),
            inputs,
        );
        return { id: outs.bucket, outs };
    }

    async read(id: string, props: DeclaredProperties): Promise<dynamic.ReadResult> {
        const state = await forHost(this.#lifecycle.read(id, fromHost(props)));
        if (state === undefined) return { id: "", props: {} };
        const inputs = Object.entries(state).filter(([name]) => !(outputOnlyNames as readonly string[]).includes(name));
        return { id, props: { ...state }, inputs: Object.fromEntries(inputs) };
    }

    async update(_id: string, olds: DeclaredProperties, news: DeclaredProperties): Promise<dynamic.UpdateResult> {
        const inputs = fromHost(news) as unknown as BucketEncryptionInputs;
        return { outs: await forHost(this.#lifecycle.update(fromHost(olds), inputs), news) };
    }

    async delete(id: string, props: DeclaredProperties): Promise<void> {
        await forHost(this.#lifecycle.remove(id, fromHost(props)));
    }

    /** What a check learns by asking: about the key where it is new, and about the bucket where the resource is. */
    async #askAhead(olds: DeclaredProperties, inputs: DeclaredProperties): Promise<RuleIssue[]> {
        const issues = await this.#lifecycle.verifyKey(olds, inputs);
        return olds.bucket === undefined ? [...issues, ...(await this.#lifecycle.foresee(inputs))] : issues;
    }

    // Credentials, and what needs them, are made when first needed: only then is the configuration there.
    #openOss(target: OssStoreTarget): EncryptionStore {
        this.#ossStores ??= new OssStores(this.#source());
        return this.#ossStores.at(target);
    }

    #openS3({ deletionIsSafe, ...target }: S3StoreTarget): EncryptionStore {
        // Loaded with the first bucket of S3: most stacks have none.
        const { S3Stores: Stores }: typeof import("../stores/s3/s3-stores") = require("../stores/s3/s3-stores");
        const configured = readS3Configuration(this.#configuration);
        this.#s3Stores ??= new Stores({ profile: configured.profile });
        return this.#s3Stores.at({ ...target, deletionIsSafe: deletionIsSafe ?? configured.deletionIsSafe });
    }

    #source(): CredentialSource {
        this.#credentials ??= configuredCredentials(readCredentialConfiguration(this.#configuration));
        return this.#credentials;
    }

    async #lookUpKey(request: KeyRequest): Promise<KeyLookup | undefined> {
        const endpoint = kmsEndpoint(this.#configuration, process.env, request);
        if (endpoint === undefined) return undefined;
        // Loaded with the first key that is looked up: most runs look none up.
        const { KmsKeys: Keys }: typeof import("../accounts/kms-keys") = require("../accounts/kms-keys");
        this.#keys ??= new Keys(this.#source());
        return this.#keys.lookUp(request.name, endpoint);
    }
}

/** The provider of a dynamic provider host: one for the whole process. */
export function bucketEncryptionProvider(): dynamic.ResourceProvider {
    return new BucketEncryptionProvider();
}

/** @param inputs of a creation or an update, as the host gave them */
async function forHost<T>(work: Promise<T>, inputs?: DeclaredProperties): Promise<T> {
    try {
        return await work;
    } catch (error) {
        throw hostError(error, inputs);
    }
}

// `__provider` is the host's, which puts it back into every answer by itself.
function fromHost({ __provider, ...properties }: DeclaredProperties): DeclaredProperties {
    return replaced(properties, unknownSentinel, notYetKnown);
}

function toHost(properties: DeclaredProperties): Record<string, unknown> {
    return replaced(properties, notYetKnown, unknownSentinel);
}

function replaced(properties: DeclaredProperties, from: unknown, to: unknown): Record<string, unknown> {
    return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, value === from ? to : value]));
}
