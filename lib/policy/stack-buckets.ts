import { notYetKnown } from "../rule";
import { storeFamilyOf } from "../stores";
import type { EncryptionSite, Foreseen } from "./encryption-site";
import { bucketTypes } from "./resource-types";
import { type StackMember, sitesOf } from "./stack-member";

/** A place where a rule is declared, with the resource that declares it. */
export interface Claim<Config> {
    readonly member: StackMember<Config>;
    readonly site: EncryptionSite;
}

/** A bucket, as far as it is known, and the resources that declare a rule for it. */
export interface ClaimedBucket<Config> {
    /** The identity by `identify`, or the URN of the resource that creates the bucket. */
    readonly identity: string;
    /** The resource that creates the bucket, where it is in the stack. */
    readonly bucket: Claim<Config> | undefined;
    /** In the order in which they were declared. */
    readonly claims: readonly Claim<Config>[];
}

/** The buckets of a stack, and the claims whose bucket is not known before the deployment. */
export interface StackBuckets<Config> {
    readonly buckets: readonly ClaimedBucket<Config>[];
    readonly adrift: readonly Claim<Config>[];
}

/** Names buckets in their store; services with an endpoint of their own have their own names. */
export function identify(
    { store, endpoint }: EncryptionSite,
    names: Foreseen<readonly string[]>,
): string[] | undefined {
    if (names === notYetKnown || typeof store !== "string" || endpoint === notYetKnown) return undefined;
    const family = storeFamilyOf(store);
    const service = family?.hasBucketsByEndpoint === true ? family.serviceAt({ endpoint }) : "";
    return names.map((name) => [store, service, name].join(" "));
}

/** The bucket's name in an identity that `identify` made. */
export function nameIn(identity: string): string {
    return identity.slice(identity.lastIndexOf(" ") + 1);
}

/**
 * Groups declarations by bucket: those with the same name, and, where a name is not known before the deployment, those that
 * take it from the same resource.
 */
export function stackBuckets<Config>(members: readonly StackMember<Config>[]): StackBuckets<Config> {
    const buckets = new Map<string, { bucket: Claim<Config> | undefined; claims: Claim<Config>[] }>();
    const keysByUrn = new Map<string, string>();
    const adrift: Claim<Config>[] = [];
    const entry = (key: string) => {
        const known = buckets.get(key) ?? { bucket: undefined, claims: [] };
        buckets.set(key, known);
        return known;
    };
    const all = sitesOf(members);
    for (const { member, site } of all.filter(isBucket)) {
        const { urn } = member.judged.resource;
        const key = identify(site, site.owned())?.[0] ?? urn;
        keysByUrn.set(urn, key);
        const found = entry(key);
        found.bucket ??= { member, site };
        if (site.rule !== undefined) found.claims.push({ member, site });
    }
    for (const { member, site } of all.filter((claim) => !isBucket(claim) && claim.site.rule !== undefined)) {
        const sources = member.dependencies("bucket").flatMap(({ urn }) => keysByUrn.get(urn) ?? []);
        const keys = identify(site, site.owned()) ?? (sources.length === 1 ? sources : undefined);
        if (keys === undefined) adrift.push({ member, site });
        else for (const key of keys) entry(key).claims.push({ member, site });
    }
    return { buckets: [...buckets].map(([identity, bucket]) => ({ identity, ...bucket })), adrift };
}

function isBucket({ member }: { readonly member: StackMember<unknown> }): boolean {
    return bucketTypes.includes(member.judged.resource.type);
}
