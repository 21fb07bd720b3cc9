import type { RuleIssue } from "../rule";
import type { EncryptionStore, StoreCapabilities, StoreFamily, StoreTarget } from "../stores";
import type { DeclaredProperties } from "./bucket-encryption-properties";
import type { LifecyclePorts, ReachableTarget } from "./lifecycle-ports";

/** What must be known of a declaration before a request is made for it. */
export const placeProperties = ["store", "region", "endpoint", "forcePathStyle"] as const;

/** Where buckets are, and what their stores can do: what properties (a declaration or a state) say, completed by settings. */
export class BucketPlaces {
    readonly #ports: Pick<LifecyclePorts, "families" | "settings" | "open">;
    /** What endpoints name, so that each is read once and not for each bucket of a large set. */
    readonly #regions = new Map<string, string | undefined>();
    /** What was opened last, and for what was said. */
    #opened: { readonly said: string; readonly store: EncryptionStore } | undefined;
    /** The names that `store` can have; the first is meant where it isn't given. */
    readonly stores: readonly string[];

    constructor(ports: Pick<LifecyclePorts, "families" | "settings" | "open">) {
        this.#ports = ports;
        this.stores = Object.keys(ports.families);
    }

    /** `undefined` where the store isn't known yet, or isn't one of those that there are. */
    capabilities(properties: object): StoreCapabilities | undefined {
        return this.#family(properties)?.capabilities(this.#target(properties));
    }

    /** The store that reaches buckets there: for the buckets of a large set it is found once. */
    open(properties: object): EncryptionStore {
        const { region, endpoint, forcePathStyle, deletionIsSafe } = this.#target(properties);
        const likelyRegion = text((properties as DeclaredProperties).bucketRegion);
        const target = {
            store: this.#storeOf(properties),
            ...(text(region) && { region: region as string }),
            ...(text(endpoint) && { endpoint: endpoint as string }),
            ...(likelyRegion && { likelyRegion }),
            ...(typeof forcePathStyle === "boolean" && { forcePathStyle }),
            ...(typeof deletionIsSafe === "boolean" && { deletionIsSafe }),
            ...accountOf(properties),
        };
        const said = JSON.stringify(target);
        if (this.#opened?.said !== said) this.#opened = { said, store: this.#ports.open(target) };
        return this.#opened.store;
    }

    /** Region and endpoint, as far as they are said; an endpoint may say the region. */
    reached(properties: object): { readonly region: string | undefined; readonly endpoint: string | undefined } {
        const { region, endpoint } = this.#target(properties);
        return { region: text(region) ?? this.#regionNamedBy(properties, endpoint), endpoint: text(endpoint) };
    }

    /** A bucket by its name, which is taken once in each kind of store, as far as a deletion may rely on it. */
    nameOf(bucket: string, properties: object): string {
        return JSON.stringify([this.#storeOf(properties), bucket]);
    }

    /**
     * A bucket by its name and endpoint, since two services of one kind may both have it. All endpoints of the cloud itself are
     * ways to the same bucket.
     */
    placeOf(properties: object): string {
        const { bucket, endpoint } = this.#target(properties);
        const isOfTheCloud = this.#regionNamedBy(properties, endpoint) !== undefined;
        return JSON.stringify([this.#storeOf(properties), bucket, (!isOfTheCloud && text(endpoint)) || null]);
    }

    /** What is wrong with a bucket's name alone. */
    nameIssues(inputs: DeclaredProperties): RuleIssue[] {
        return this.#family(inputs)?.validateTarget({ bucket: inputs.bucket }) ?? [];
    }

    /** What is wrong with where a bucket is said to be. A fault of a setting says where the setting came from. */
    issues(inputs: DeclaredProperties): RuleIssue[] {
        const settings = this.#ports.settings(this.#storeOf(inputs));
        const issues = this.#family(inputs)?.validateTarget(this.#target(inputs)) ?? [];
        return issues.map((issue) => {
            const setting =
                inputs[issue.path] === undefined ? settings[issue.path as keyof typeof settings] : undefined;
            return setting === undefined ? issue : { ...issue, message: `${issue.message} (from ${setting.source})` };
        });
    }

    #target(properties: object): StoreTarget {
        const { bucket, region, endpoint, forcePathStyle, deletionIsSafe } = properties as DeclaredProperties;
        const settings = this.#ports.settings(this.#storeOf(properties));
        return {
            bucket,
            region: region ?? settings.region?.value,
            endpoint: endpoint ?? settings.endpoint?.value,
            forcePathStyle,
            deletionIsSafe,
        };
    }

    #regionNamedBy(properties: object, endpoint: unknown): string | undefined {
        const said = text(endpoint);
        if (said === undefined) return undefined;
        const key = `${this.#storeOf(properties)} ${said}`;
        if (!this.#regions.has(key)) this.#regions.set(key, this.#family(properties)?.regionOf?.(said));
        return this.#regions.get(key);
    }

    #storeOf({ store }: { readonly store?: unknown }): string {
        return text(store) ?? (this.stores[0] as string);
    }

    #family(properties: { readonly store?: unknown }): StoreFamily | undefined {
        const { families } = this.#ports;
        const store = this.#storeOf(properties);
        return typeof properties.store !== "symbol" && Object.hasOwn(families, store) ? families[store] : undefined;
    }
}

/** On whose behalf a bucket is reached, where properties say it. */
export function accountOf({ account }: DeclaredProperties | { account?: unknown }): Pick<ReachableTarget, "account"> {
    return typeof account === "object" && account !== null ? { account: account as Record<string, unknown> } : {};
}

function text(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}
