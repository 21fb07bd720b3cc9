import * as pulumi from "@pulumi/pulumi";
import { argumentNames, bucketEncryptionType, nativeTypes, rulePropertyNames } from "../../declaration";
import type { BucketEncryptionArgs, BucketEncryptionLookup, FoundRule } from "../bucket-encryption";
import { warnOfSecretName } from "../constructor-checks";
import type { DeclaredOutputs } from "../declared-args";
import { makeLean, namesGivenOnly, restoreStackTraces } from "../lean-construction";
import { refuseUnusableSettings } from "../usable-settings";
import { nativeOptions } from "./native-options";

/** The arguments, as outputs of the class. */
export interface NativeBucketEncryption extends DeclaredOutputs {}

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
    /** The rule that the bucket had when the resource was created; `undefined` when it had none. */
    declare readonly previousRule: pulumi.Output<FoundRule | undefined>;
    /** The rule that the stack last wrote or took over, while the bucket has another one. A deletion compares with it. */
    declare readonly writtenRule: pulumi.Output<FoundRule | undefined>;
    /** Fields of the rule that this version does not know, as they were last read. */
    declare readonly unrecognized: pulumi.Output<Readonly<Record<string, string>> | undefined>;

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
        return (
            pulumi.CustomResource.isInstance(value) &&
            (value as { __pulumiType?: string }).__pulumiType === nativeTypes.bucketEncryption
        );
    }

    constructor(name: string, args: BucketEncryptionArgs, options: pulumi.CustomResourceOptions = {}) {
        refuseUnusableSettings();
        // An output is named so that it gets the engine's value. Misspelt names are passed on, and the check refuses them.
        const named = namesGivenOnly(options) ? answeredNames : [...answeredNames, ...echoedNames];
        const properties = {
            ...Object.fromEntries(named.map((output) => [output, undefined])),
            ...args,
            [lastName]: undefined,
        };
        try {
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

/** Outputs that may get a value which was not declared: the rule as it was found, and what the provider reports. */
const answeredNames: readonly string[] = [...rulePropertyNames, "bucketRegion", "writtenRule", "unrecognized"];

/** Arguments that the state repeats as they are declared. */
const echoedNames = argumentNames.filter((name) => !answeredNames.includes(name));

makeLean(NativeBucketEncryption, echoedNames, lastName);
