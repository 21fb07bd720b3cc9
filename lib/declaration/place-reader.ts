import { UserError } from "../errors";
import { notYetKnown, presentValue, type RuleIssue, type StoreCapabilities } from "../rule";
import { ValueMap } from "../values";
import type { Properties } from "./declaration";
import {
    type DeclarableStore,
    type DeclarationContext,
    type DeclaredAccount,
    Place,
    type Reach,
    type ReachableTarget,
} from "./place";

type EndpointOf = Pick<ReachableTarget, "store"> & { readonly [Part in "region" | "endpoint"]: string | undefined };
type EndpointFacts = Pick<Reach, "region" | "service">;

/** Reads where buckets are: from properties (of a declaration or a state), completed by settings. */
export class PlaceReader {
    readonly #context: DeclarationContext;
    readonly #reaches = new ValueMap<ReachableTarget, Reach>();
    /** What endpoints say: each is read once, and not for each bucket of a large set. */
    readonly #endpoints = new ValueMap<EndpointOf, EndpointFacts>();
    /** The names that `store` can have; the first is the default. */
    readonly stores: readonly string[];

    constructor(context: DeclarationContext) {
        this.#context = context;
        this.stores = Object.keys(context.families);
    }

    /** @param properties of which no part that says where the bucket is is `notYetKnown` */
    read(properties: Properties): Reach {
        const { region, endpoint, forcePathStyle, deletionIsSafe } = this.#target(properties);
        const { account, bucketRegion } = properties;
        const [regionText, endpointText, likelyRegion] = [text(region), text(endpoint), text(bucketRegion)];
        return this.#reachOf({
            store: this.storeOf(properties),
            ...(regionText && { region: regionText }),
            ...(endpointText && { endpoint: endpointText }),
            ...(likelyRegion && { likelyRegion }),
            ...(typeof forcePathStyle === "boolean" && { forcePathStyle }),
            ...(typeof deletionIsSafe === "boolean" && { deletionIsSafe }),
            ...(isAccount(account) && { account }),
        });
    }

    /** The same bucket, reached where it was found. @param region absent where it was not */
    found({ bucket, reach }: Place, region: string | undefined): Place {
        return new Place(
            bucket,
            region === undefined ? reach : this.#reachOf({ ...reach.target, likelyRegion: region }),
        );
    }

    /** What the kind of store can do; `undefined` while it is not known, or where there is no such kind. */
    features(properties: Properties): StoreCapabilities | undefined {
        return this.#family(properties)?.capabilities(this.#target(properties));
    }

    /** The faults of a declared place. A fault of a setting names the source of the setting. */
    issues(properties: Properties): RuleIssue[] {
        const settings = new Map(Object.entries(this.#context.settings(this.storeOf(properties))));
        const issues = this.#family(properties)?.validateTarget(this.#target(properties)) ?? [];
        return issues.map((issue) => {
            const setting = properties[issue.path] === undefined ? settings.get(issue.path) : undefined;
            return setting === undefined ? issue : { ...issue, message: `${issue.message} (from ${setting.source})` };
        });
    }

    /** The faults of a bucket's name. */
    nameIssues(bucket: string, properties: Properties): RuleIssue[] {
        return this.#family(properties)?.validateTarget({ bucket }) ?? [];
    }

    storeOf({ store }: Properties): string {
        return text(store) ?? this.stores[0] ?? "";
    }

    /** Places with equal declarations share one object. */
    #reachOf(target: ReachableTarget): Reach {
        return this.#reaches.ensured(target, () => {
            return { target, features: this.#featuresAt(target), ...this.#endpointFacts(target) };
        });
    }

    #featuresAt(target: ReachableTarget): StoreCapabilities {
        const family = this.#family({ store: target.store });
        if (family !== undefined) return family.capabilities({ ...target });
        const what = `The store ${JSON.stringify(target.store)} is not one of ${this.stores.join(", ")}`;
        throw new UserError("invalid-target", what);
    }

    #target(properties: Properties): Properties {
        const { bucket, region, endpoint, forcePathStyle, deletionIsSafe } = properties;
        const settings = this.#context.settings(this.storeOf(properties));
        return {
            bucket,
            region: region ?? settings.region?.value,
            endpoint: endpoint ?? settings.endpoint?.value,
            forcePathStyle,
            deletionIsSafe,
        };
    }

    #endpointFacts({ store, region, endpoint }: ReachableTarget): EndpointFacts {
        return this.#endpoints.ensured({ store, region, endpoint }, () => {
            const family = this.#family({ store });
            return {
                region: region ?? (endpoint === undefined ? undefined : family?.regionOf?.(endpoint)),
                service: family?.serviceAt({ region, endpoint }) ?? "",
            };
        });
    }

    #family(properties: Properties): DeclarableStore | undefined {
        const { families } = this.#context;
        const store = this.storeOf(properties);
        return properties.store !== notYetKnown && Object.hasOwn(families, store) ? families[store] : undefined;
    }
}

function isAccount(value: unknown): value is DeclaredAccount {
    return typeof value === "object" && value !== null;
}

function text(value: unknown): string | undefined {
    const known = presentValue(value);
    return typeof known === "string" ? known : undefined;
}
