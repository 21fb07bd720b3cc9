import * as pulumi from "@pulumi/pulumi";
import { bucketEncryptionSetType, packBuckets, setHandlerText, sharedArgumentNames } from "../declaration";
import { UserError } from "../errors";
import { checkConstruction, replacementOrder } from "./constructor-checks";
import type { RuleArgs, SharedArgs } from "./declared-args";
import { makeLean, restoreStackTraces, shortenStackTraces } from "./lean-construction";
import { previewMark } from "./preview-mark";
import { programError, throwReported } from "./program-error";
import { type BucketEncryptionSetOutputs, isResourceOfType, NamedProperties, reportedBySet } from "./resource-outputs";

/** The buckets of a set: their names, or by each name the bucket's region. */
export type BucketList = readonly pulumi.Input<string>[] | Readonly<Record<string, { readonly region?: string }>>;

/** Buckets that a baseline has packed. */
export class PackedBuckets {
    constructor(readonly packed: pulumi.Input<string>) {}

    static of(buckets: ReadonlyMap<string, { readonly region?: string }>): string {
        return pack(Object.fromEntries(buckets));
    }
}

/** The rule of one bucket that differs from the set's. */
export type RuleOverride = (RuleArgs<"oss"> | RuleArgs<"s3">) & {
    /** The reason, for people; no request contains it. */
    readonly reason?: pulumi.Input<string | undefined>;
};

/**
 * The default server-side encryption of many buckets of one account, as a stack declares it. An argument that is not named here is
 * as for a single `BucketEncryption`, and applies to each bucket.
 */
export type BucketEncryptionSetArgs = SharedArgs & {
    /** The buckets, 50,000 at most. Regions that are not given are found, which costs a request for some buckets. */
    readonly buckets: pulumi.Input<BucketList> | PackedBuckets;
    /** Rules of buckets that differ from the set's, by the buckets' names. */
    readonly overrides?: pulumi.Input<Readonly<Record<string, pulumi.Input<RuleOverride>>> | undefined>;
    /** How the buckets were selected, for people and for policies. */
    readonly selection?: pulumi.Input<Readonly<Record<string, unknown>> | undefined>;
    /**
     * What happens to the rule of a bucket that leaves the set, and of all buckets when the set is deleted: `retain` (default,
     * since a changed selection must not remove the rules of a fleet), `remove`, or `restore`.
     */
    readonly onDelete?: pulumi.Input<"remove" | "restore" | "retain" | undefined>;
};

/** The arguments and the provider's answers, as outputs of the class. */
export interface BucketEncryptionSet extends BucketEncryptionSetOutputs {}

/**
 * The default encryption rules of up to 50,000 buckets in one resource.
 *
 * ```ts
 * new BucketEncryptionSet("fleet", { buckets: ["logs", "photos"], sseAlgorithm: "KMS", kmsMasterKeyId: key.id });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK or the class sets each output
export class BucketEncryptionSet extends pulumi.CustomResource {
    /** Whether a value is a `BucketEncryptionSet`, also one of another copy of this package. */
    static override isInstance(value: unknown): value is BucketEncryptionSet {
        return isResourceOfType(value, bucketEncryptionSetType);
    }

    constructor(name: string, args: BucketEncryptionSetArgs, options: pulumi.CustomResourceOptions = {}) {
        checkConstruction(name, args, options);
        const { buckets, ...others } = args;
        const properties = {
            ...names.with(others, options),
            members: packed(buckets),
            ...previewMark(),
            __provider: setHandlerText,
        };
        try {
            shortenStackTraces();
            super(bucketEncryptionSetType, name, properties, {
                ...options,
                ...withSecretOutputs(args, options),
                ...replacementOrder(args.onDelete, options),
                // Long texts; other properties show their changes.
                hideDiffs: [...(options.hideDiffs ?? []), "members", "held"],
            });
        } finally {
            restoreStackTraces();
        }
    }
}

const names = new NamedProperties(sharedArgumentNames, reportedBySet);

makeLean(BucketEncryptionSet, names.echoed);

/** Declares a set with arguments that were not written for it, so the types cannot judge them. The check does. */
export function declareBucketEncryptionSet(
    name: string,
    args: Readonly<Record<string, unknown>> & Pick<BucketEncryptionSetArgs, "buckets">,
    options: pulumi.CustomResourceOptions,
): BucketEncryptionSet {
    return new BucketEncryptionSet(name, args as BucketEncryptionSetArgs, options);
}

/** Names go on as one text: an engine that has 50,000 values to compare needs 25 s for it. */
export function packed(buckets: BucketEncryptionSetArgs["buckets"]): pulumi.Input<string> | undefined {
    if (buckets === undefined) return undefined;
    if (buckets instanceof PackedBuckets) return buckets.packed;
    const isPlain = Array.isArray(buckets) && buckets.every((bucket) => typeof bucket === "string");
    if (isPlain) return pack(buckets as string[]);
    return pulumi.output(buckets).apply(async (list) => {
        try {
            return pack(list);
        } catch (error) {
            return await throwReported(error);
        }
    });
}

/** @throws RunError when an entry has characters that no bucket's name has; the check judges the names */
function pack(list: unknown): string {
    const packing = packBuckets(list);
    if ("packed" in packing) return packing.packed;
    throw programError(new UserError("invalid-target", `\`buckets\` ${packing.fault}`));
}

/**
 * The packed part can contain a key that is a secret of the stack. The exceptions are no secret: they describe rules by the last four
 * characters of a key, and notices show the same texts.
 */
function withSecretOutputs(
    { kmsMasterKeyId, overrides }: BucketEncryptionSetArgs,
    { additionalSecretOutputs = [] }: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
    const mayBeSecret = pulumi.Output.isInstance(kmsMasterKeyId) || holdsOutput(overrides);
    return mayBeSecret ? { additionalSecretOutputs: [...additionalSecretOutputs, "held"] } : {};
}

function holdsOutput(value: unknown): boolean {
    if (pulumi.Output.isInstance(value)) return true;
    return typeof value === "object" && value !== null && Object.values(value).some(holdsOutput);
}
