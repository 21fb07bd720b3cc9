import * as pulumi from "@pulumi/pulumi";
import { bucketEncryptionSetType, nativeTypes } from "../../declaration";
import { type BucketEncryptionSetArgs, packed } from "../bucket-encryption-set";
import { requireArguments, resourceCalled } from "../constructor-checks";
import { makeLean, restoreStackTraces, shortenStackTraces } from "../lean-construction";
import { type BucketEncryptionSetOutputs, isResourceOfType, setOutputNames } from "../resource-outputs";
import { refuseUnusableSettings } from "../usable-settings";
import { nativeOptions } from "./native-options";

/** What the provider reports, as outputs of the class. */
export interface NativeBucketEncryptionSet extends BucketEncryptionSetOutputs {}

/**
 * The default encryption rules of up to 50,000 buckets in one resource, deployed by the provider plugin.
 *
 * ```ts
 * new BucketEncryptionSet("fleet", { buckets: ["logs", "photos"], sseAlgorithm: "KMS", kmsMasterKeyId: key.id });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK sets each output
export class NativeBucketEncryptionSet extends pulumi.CustomResource {
    /** Whether a value is a `BucketEncryptionSet` of the plugin, also one of another copy of this package. */
    static override isInstance(value: unknown): value is NativeBucketEncryptionSet {
        return isResourceOfType(value, nativeTypes.bucketEncryptionSet);
    }

    constructor(name: string, args: BucketEncryptionSetArgs, options: pulumi.CustomResourceOptions = {}) {
        requireArguments(resourceCalled(name), args);
        refuseUnusableSettings();
        const { buckets, ...others } = args;
        const named = Object.fromEntries(namedFirst.map((output) => [output, undefined]));
        // A list of 50,000 names is long for an engine; the packed text is what the plugin makes of it.
        const properties = { ...named, ...others, members: packed(buckets), [lastName]: undefined };
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
const namedFirst = setOutputNames.filter((name) => name !== lastName);

makeLean(NativeBucketEncryptionSet, [], lastName);

/** Declares a set with arguments that were not written for it, so the types cannot judge them. The check does. */
export function declareNativeBucketEncryptionSet(
    name: string,
    args: Readonly<Record<string, unknown>> & Pick<BucketEncryptionSetArgs, "buckets">,
    options: pulumi.CustomResourceOptions,
): NativeBucketEncryptionSet {
    return new NativeBucketEncryptionSet(name, args as BucketEncryptionSetArgs, options);
}
