import { notYetKnown } from "../rule";
import type { EncryptionSite } from "./encryption-site";
import { bucketTypes } from "./resource-types";
import { type StackMember, sitesOf } from "./stack-member";

/** A place where a rule is declared, with the resource that declares it. */
export interface Claim<Config> {
    readonly member: StackMember<Config>;
    readonly site: EncryptionSite;
}

/** A bucket, as far as it can be told which one it is, and who declares a rule for it. */
export interface ClaimedBucket<Config> {
    /** The resource that makes the bucket, where the stack does. */
    readonly bucket: Claim<Config> | undefined;
    /** In the order in which they were declared. */
    readonly claims: readonly Claim<Config>[];
}

/** The buckets of a stack, and the claims of which nobody can say before the deployment to which bucket they are. */
export interface StackBuckets<Config> {
    readonly buckets: readonly ClaimedBucket<Config>[];
    readonly adrift: readonly Claim<Config>[];
}

/** Names a bucket in its store; services with an endpoint of their own have their own names. */
export function bucketIdentity({ store, bucket, endpoint }: EncryptionSite): string | undefined {
    if (typeof bucket !== "string" || typeof store !== "string" || endpoint === notYetKnown) return undefined;
    // OSS has one name space behind all of its endpoints.
    return [store, store === "s3" ? (endpoint ?? "") : "", bucket].join(" ");
}

/**
 * Finds out which declarations are for one bucket: those with the same name, and, where a name isn't known before the
 * deployment, those that take it from the same resource.
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
        const key = bucketIdentity(site) ?? urn;
        keysByUrn.set(urn, key);
        const found = entry(key);
        found.bucket ??= { member, site };
        if (site.rule !== undefined) found.claims.push({ member, site });
    }
    for (const { member, site } of all.filter((claim) => !isBucket(claim) && claim.site.rule !== undefined)) {
        const sources = member.dependencies("bucket").flatMap(({ urn }) => keysByUrn.get(urn) ?? []);
        const key = bucketIdentity(site) ?? (sources.length === 1 ? sources[0] : undefined);
        if (key === undefined) adrift.push({ member, site });
        else entry(key).claims.push({ member, site });
    }
    return { buckets: [...buckets.values()], adrift };
}

function isBucket({ member }: { readonly member: StackMember<unknown> }): boolean {
    return bucketTypes.includes(member.judged.resource.type);
}
