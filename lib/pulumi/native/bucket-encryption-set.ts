import * as pulumi from "@pulumi/pulumi";
import { bucketEncryptionSetType, nativeTypes, sharedArgumentNames } from "../../declaration";
import { type BucketEncryptionSetArgs, packed } from "../bucket-encryption-set";
import { requireArguments, resourceCalled } from "../constructor-checks";
import { makeLean, restoreStackTraces, shortenStackTraces } from "../lean-construction";
import { type BucketEncryptionSetOutputs, isResourceOfType, NamedProperties, reportedBySet } from "../resource-outputs";
import { refuseUnusableSettings } from "../usable-settings";
import { nativeOptions } from "./native-options";

/** The arguments and the plugin's answers, as outputs of the class. */
export interface NativeBucketEncryptionSet extends BucketEncryptionSetOutputs {}

/**
 * The default encryption rules of up to 50,000 buckets in one resource, deployed by the provider plugin.
 *
 * ```ts
 * new BucketEncryptionSet("fleet", { buckets: ["logs", "photos"], sseAlgorithm: "KMS", kmsMasterKeyId: key.id });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK or the class sets each output
export class NativeBucketEncryptionSet extends pulumi.CustomResource {
    /** Whether a value is a `BucketEncryptionSet` of the plugin, also one of another copy of this package. */
    static override isInstance(value: unknown): value is NativeBucketEncryptionSet {
        return isResourceOfType(value, nativeTypes.bucketEncryptionSet);
    }

    constructor(name: string, args: BucketEncryptionSetArgs, options: pulumi.CustomResourceOptions = {}) {
        requireArguments(resourceCalled(name), args);
        refuseUnusableSettings();
        const { buckets, ...others } = args;
        // A list of 50,000 names is long for an engine; the packed text is what the plugin makes of it.
        const properties = { ...names.with(others, options), members: packed(buckets), [lastName]: undefined };
        try {
            shortenStackTraces();
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

/** The last property that the constructor gives, see `makeLean`. */
const lastName = "exceptions";
const names = new NamedProperties(
    sharedArgumentNames,
    reportedBySet.filter((name) => name !== lastName),
);

makeLean(NativeBucketEncryptionSet, names.echoed, lastName);

/** Declares a set with arguments that were not written for it, so the types cannot judge them. The check does. */
export function declareNativeBucketEncryptionSet(
    name: string,
    args: Readonly<Record<string, unknown>> & Pick<BucketEncryptionSetArgs, "buckets">,
    options: pulumi.CustomResourceOptions,
): NativeBucketEncryptionSet {
    return new NativeBucketEncryptionSet(name, args as BucketEncryptionSetArgs, options);
}
