import * as pulumi from "@pulumi/pulumi";
import { bucketEncryptionSetType, nativeTypes, type SseAlgorithm } from "../../declaration";
import { type BucketEncryptionSetArgs, packed } from "../bucket-encryption-set";
import { makeLean, restoreStackTraces } from "../lean-construction";
import { refuseUnusableSettings } from "../usable-settings";
import { nativeOptions } from "./native-options";

/**
 * The default encryption rules of up to 50,000 buckets in one resource, deployed by the provider plugin.
 *
 * ```ts
 * new BucketEncryptionSet("fleet", { buckets: ["logs", "photos"], sseAlgorithm: "KMS", kmsMasterKeyId: key.id });
 * ```
 */
export class NativeBucketEncryptionSet extends pulumi.CustomResource {
    /** The number of buckets. */
    declare readonly buckets: pulumi.Output<number>;
    /** The declared algorithm. */
    declare readonly sseAlgorithm: pulumi.Output<SseAlgorithm>;
    /** The declared KMS key; `undefined` for the service's key. */
    declare readonly kmsMasterKeyId: pulumi.Output<string | undefined>;
    /** How KMS encrypts the data; `undefined` for AES256. */
    declare readonly kmsDataEncryption: pulumi.Output<"SM4" | undefined>;
    /** By what the buckets were chosen. */
    declare readonly selection: pulumi.Output<Readonly<Record<string, unknown>> | undefined>;
    /** Buckets whose rule is not the declared one, with the rule that was found; the first 100 of them. */
    declare readonly exceptions: pulumi.Output<Readonly<Record<string, string>> | undefined>;

    /** Whether a value is a `BucketEncryptionSet` of the plugin, also one of another copy of this package. */
    static override isInstance(value: unknown): value is NativeBucketEncryptionSet {
        return (
            pulumi.CustomResource.isInstance(value) &&
            (value as { __pulumiType?: string }).__pulumiType === nativeTypes.bucketEncryptionSet
        );
    }

    constructor(name: string, args: BucketEncryptionSetArgs, options: pulumi.CustomResourceOptions = {}) {
        refuseUnusableSettings();
        const { buckets, ...others } = args;
        const named = Object.fromEntries(outputNames.map((output) => [output, undefined]));
        // A list of 50,000 names is long for an engine; the packed text is what the plugin makes of it.
        const properties = { ...named, ...others, members: packed(buckets), [lastName]: undefined };
        try {
            super(nativeTypes.bucketEncryptionSet, name, properties, {
                ...nativeOptions(options, bucketEncryptionSetType),
                // Long texts; other properties show their changes.
                hideDiffs: [...(options.hideDiffs ?? []), "members", "held"],
            });
        } finally {
            restoreStackTraces();
        }
    }
}

const lastName = "exceptions";

const outputNames = [
    "buckets",
    "kmsMasterKeyId",
    "kmsDataEncryption",
    "selection",
] as const satisfies readonly (keyof NativeBucketEncryptionSet)[];

makeLean(NativeBucketEncryptionSet, [], lastName);

/** Declares a set with arguments that were not written for it, so the types cannot judge them. The check does. */
export function declareNativeBucketEncryptionSet(
    name: string,
    args: Readonly<Record<string, unknown>> & Pick<BucketEncryptionSetArgs, "buckets">,
    options: pulumi.CustomResourceOptions,
): NativeBucketEncryptionSet {
    return new NativeBucketEncryptionSet(name, args as BucketEncryptionSetArgs, options);
}
