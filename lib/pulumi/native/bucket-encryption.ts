import * as pulumi from "@pulumi/pulumi";
import { argumentNames, bucketEncryptionType, nativeTypes } from "../../declaration";
import type { BucketEncryptionArgs, BucketEncryptionLookup } from "../bucket-encryption";
import { requireArguments, resourceCalled, warnOfSecretName } from "../constructor-checks";
import { makeLean, restoreStackTraces, shortenStackTraces } from "../lean-construction";
import { type BucketEncryptionOutputs, type FoundRule, isResourceOfType, NamedProperties } from "../resource-outputs";
import { refuseUnusableSettings } from "../usable-settings";
import { nativeOptions } from "./native-options";

/** The arguments and the plugin's answers, as outputs of the class. */
export interface NativeBucketEncryption extends BucketEncryptionOutputs {}

/**
 * A bucket's default server-side encryption rule, deployed by the provider plugin. The bucket itself is not managed by this resource.
 * A resource of the dynamic class with the same name is moved to this one without a change.
 *
 * ```ts
 * new BucketEncryption("logs", { bucket: "my-logs", sseAlgorithm: "KMS", kmsMasterKeyId: key.id });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK or the class sets each output
export class NativeBucketEncryption extends pulumi.CustomResource {
    /** The bucket's region, if no `region` was given and it was found from the service's answers. */
    declare readonly bucketRegion: pulumi.Output<string | undefined>;
    /** The rule that the stack last wrote or adopted, while the bucket has another one. A deletion compares with it. */
    declare readonly writtenRule: pulumi.Output<FoundRule | undefined>;

    /** Reads the rule of a bucket that this stack does not manage. Fails when the bucket has none. */
    static get(
        name: string,
        bucket: pulumi.Input<pulumi.ID>,
        lookup: BucketEncryptionLookup = {},
        options?: pulumi.CustomResourceOptions,
    ): NativeBucketEncryption {
        return declareNativeBucketEncryption(name, { ...lookup }, { ...options, id: bucket });
    }

    /** Whether a value is a `BucketEncryption` of the plugin, also one of another copy of this package. */
    static override isInstance(value: unknown): value is NativeBucketEncryption {
        return isResourceOfType(value, nativeTypes.bucketEncryption);
    }

    constructor(name: string, args: BucketEncryptionArgs, options: pulumi.CustomResourceOptions = {}) {
        requireArguments(resourceCalled(name), args, options.id);
        refuseUnusableSettings();
        const properties = { ...names.with(args, options), [lastName]: undefined };
        try {
            shortenStackTraces();
            super(nativeTypes.bucketEncryption, name, properties, nativeOptions(options, bucketEncryptionType));
        } finally {
            restoreStackTraces();
        }
        warnOfSecretName(args.bucket);
    }
}

/** Declares a resource with arguments that were not written for it, so the types cannot judge them. The check does. */
export function declareNativeBucketEncryption(
    name: string,
    args: Readonly<Record<string, unknown>>,
    options: pulumi.CustomResourceOptions,
): NativeBucketEncryption {
    return new NativeBucketEncryption(name, args as BucketEncryptionArgs, options);
}

/** The last property that the constructor gives, see `makeLean`. No argument has its name. */
const lastName = "previousRule";

const names = new NamedProperties(argumentNames, ["bucketRegion", "writtenRule", "unrecognized"]);

makeLean(NativeBucketEncryption, names.echoed, lastName);
