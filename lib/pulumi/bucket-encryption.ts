import * as pulumi from "@pulumi/pulumi";
import {
    argumentNames,
    bucketEncryptionType,
    handlerText,
    maybeSecretArguments,
    maybeSecretOutputs,
} from "../declaration";
import { checkConstruction, replacementOrder, warnOfSecretName } from "./constructor-checks";
import type { OwnArgs, SharedArgs } from "./declared-args";
import { makeLean, restoreStackTraces, shortenStackTraces } from "./lean-construction";
import { previewMark } from "./preview-mark";
import { type BucketEncryptionOutputs, isResourceOfType, NamedProperties } from "./resource-outputs";

/**
 * The default server-side encryption of one bucket, as a stack declares it. The type admits the combinations that the kind of store
 * has, see `allowedCombinations`: with OSS `AES256` and `SM4` alone, and `KMS` alone, with a key, with `kmsDataEncryption: "SM4"`, or
 * with both; with `store: "s3"` `AES256` alone, `KMS` and `KMS_DSSE` alone or with a key, and each with S3's own settings. A value
 * that is only known later (an output) is checked when it is known.
 */
export type BucketEncryptionArgs = {
    /** The bucket's name. It identifies the resource: another name is another resource. */
    readonly bucket: pulumi.Input<string>;
} & OwnArgs<"onDelete"> &
    SharedArgs;

/** How a rule that another stack owns is reached. */
export type BucketEncryptionLookup = OwnArgs<"store" | "region" | "endpoint" | "forcePathStyle">;

/** The arguments and the provider's answers, as outputs of the class. */
export interface BucketEncryption extends BucketEncryptionOutputs {}

/**
 * A bucket's default server-side encryption rule. The bucket itself is not managed by this resource.
 *
 * ```ts
 * new BucketEncryption("logs", { bucket: "my-logs", sseAlgorithm: "KMS", kmsMasterKeyId: key.id });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK or the class sets each output
export class BucketEncryption extends pulumi.CustomResource {
    /** Reads the rule of a bucket that this stack does not manage. Fails when the bucket has none. */
    static get(
        name: string,
        bucket: pulumi.Input<pulumi.ID>,
        lookup: BucketEncryptionLookup = {},
        options?: pulumi.CustomResourceOptions,
    ): BucketEncryption {
        return declareBucketEncryption(name, { ...lookup }, { ...options, id: bucket });
    }

    /** Whether a value is a `BucketEncryption`, also one of another copy of this package. */
    static override isInstance(value: unknown): value is BucketEncryption {
        return isResourceOfType(value, bucketEncryptionType);
    }

    constructor(name: string, args: BucketEncryptionArgs, options: pulumi.CustomResourceOptions = {}) {
        checkConstruction(name, args, options);
        const properties = {
            ...names.with(args, options),
            ...(options.id === undefined && previewMark()),
            __provider: handlerText,
        };
        try {
            shortenStackTraces();
            super(bucketEncryptionType, name, properties, {
                ...options,
                ...secretOutputs({ ...args }, options),
                ...replacementOrder(args.onDelete, options),
            });
        } finally {
            restoreStackTraces();
        }
        warnOfSecretName(args.bucket);
    }
}

/** Declares a resource with arguments that were not written for it, so the types cannot judge them. The check does. */
export function declareBucketEncryption(
    name: string,
    args: Readonly<Record<string, unknown>>,
    options: pulumi.CustomResourceOptions,
): BucketEncryption {
    return new BucketEncryption(name, args as BucketEncryptionArgs, options);
}

const names = new NamedProperties(argumentNames, ["previousRule", "unrecognized"]);

makeLean(BucketEncryption, names.echoed);

/**
 * The engine hides an output where the input of the same name is a secret. A secret key may also be in `previousRule`, when the
 * bucket's rule had it before. The constructor cannot ask whether an output is a secret, so it treats each as one.
 */
function secretOutputs(
    args: Readonly<Record<string, unknown>>,
    { additionalSecretOutputs = [] }: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
    if (!maybeSecretArguments.some((name) => pulumi.Output.isInstance(args[name]))) return {};
    return { additionalSecretOutputs: [...additionalSecretOutputs, ...maybeSecretOutputs] };
}
