import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../accounts";
import { UserError } from "../errors";
import { secretCredentialNames } from "../provider";
import type { AccountArgs } from "./account-args";
import { handlerText } from "./handler-text";
import { requireLoadableProvider } from "./loadable-provider";
import { bucketEncryptionType } from "./resource-type";

/**
 * The default server-side encryption of one bucket, as a stack declares it. Allowed combinations for OSS:
 * `AES256` and `SM4` alone; `KMS` alone, with a key, with `kmsDataEncryption: "SM4"`, or with both. For S3: `AES256` alone, `KMS`
 * and `KMS_DSSE` alone or with a key, and `bucketKeyEnabled` with each.
 *
 * Source: https://help.aliyun.com/en/oss/developer-reference/putbucketencryption,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
 */
export interface BucketEncryptionArgs {
    /** The bucket's name. It identifies the resource: another name is another resource. */
    readonly bucket: pulumi.Input<string>;
    /** `AES256` or `SM4` (keys managed by the store), `KMS`, or `KMS_DSSE` (two layers). `SM4` is OSS's, `KMS_DSSE` is S3's. */
    readonly sseAlgorithm: pulumi.Input<"AES256" | "KMS" | "SM4" | "KMS_DSSE" | (string & {})>;
    /** The KMS key, only with `KMS` and `KMS_DSSE`. Left out: the key that the service keeps for the account. */
    readonly kmsMasterKeyId?: pulumi.Input<string | undefined>;
    /** How KMS encrypts the data, only with `KMS` in OSS: `SM4`, or left out for AES256. */
    readonly kmsDataEncryption?: pulumi.Input<"SM4" | (string & {}) | undefined>;
    /** Only in S3: whether the bucket keeps a key of its own, so that KMS is asked less often. Left out: as the bucket has it. */
    readonly bucketKeyEnabled?: pulumi.Input<boolean | undefined>;
    /**
     * Which kind of store has the bucket: `oss` (default), or `s3` for AWS S3 and what speaks its API. It identifies the resource
     * together with `bucket`.
     */
    readonly store?: pulumi.Input<"oss" | "s3" | undefined>;
    /**
     * The bucket's region, for instance `cn-hangzhou`. Default: `bucket-encryption:region`, then `OSS_REGION`; for S3
     * `bucket-encryption:s3Region`, then `AWS_REGION`.
     */
    readonly region?: pulumi.Input<string | undefined>;
    /**
     * The endpoint, for instance of a private network. Default: `bucket-encryption:endpoint`, `OSS_ENDPOINT`, the region's; for S3
     * `bucket-encryption:s3Endpoint`, `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, the region's.
     */
    readonly endpoint?: pulumi.Input<string | undefined>;
    /** Only in S3: put the bucket's name into the path, for services without a host name for each bucket. Default: `false`. */
    readonly forcePathStyle?: pulumi.Input<boolean | undefined>;
    /**
     * Only in S3, for services other than AWS: you vouch that `DELETE ?encryption` removes the rule and not the bucket, as old
     * Ceph does. Without it no rule is removed there. Default: `false`, or `bucket-encryption:s3DeletionIsSafe`.
     */
    readonly deletionIsSafe?: pulumi.Input<boolean | undefined>;
    /**
     * On whose behalf the bucket is reached: with `id`, nothing is written before it is known that the credentials and the bucket
     * are of that account. Default: `bucket-encryption:account`, or else the credentials that are found, of whatever account.
     */
    readonly account?: pulumi.Input<AccountArgs | undefined>;
    /**
     * What becomes of a rule that the bucket has when the resource is created. `adopt` (default): an equal rule is taken over
     * without a write, one that the declared rule strengthens or gives another key is replaced with a notice, one that
     * it would weaken is an error. `overwrite`: the declared rule is written in any case. `fail`: any rule is an error.
     */
    readonly existingRule?: pulumi.Input<"adopt" | "overwrite" | "fail" | undefined>;
    /**
     * What becomes of the bucket's rule when the resource is deleted: `remove` (default) deletes it, `restore` puts back the one
     * that the bucket had before (`previousRule`), `retain` leaves it as it is.
     */
    readonly onDelete?: pulumi.Input<"remove" | "restore" | "retain" | undefined>;
    /** Delete, as `onDelete` says, also a rule that somebody else changed since. Default: `false`, which makes that an error. */
    readonly forceDelete?: pulumi.Input<boolean | undefined>;
    /**
     * Look a new or changed `kmsMasterKeyId` up in KMS, in the preview already: it must exist, be enabled, be one for symmetric
     * encryption, and belong to the bucket's region. A KMS that can't be reached or doesn't allow the question is a warning.
     * Default: wherever KMS can be taken to be reachable.
     */
    readonly verifyKey?: pulumi.Input<boolean | undefined>;
    /**
     * End each creation and update with an object `.bucket-encryption-proof/<uuid>` that is written, read back and deleted, to
     * prove that what is written is encrypted as declared and that the key can be used. Default: `false`.
     */
    readonly proveKey?: pulumi.Input<boolean | undefined>;
}

/** A rule as a service reported it. */
export interface FoundRule {
    readonly sseAlgorithm: string;
    readonly kmsMasterKeyId?: string;
    readonly kmsDataEncryption?: string;
    readonly bucketKeyEnabled?: boolean;
    /** Fields that this version doesn't know, by the service's own name. */
    readonly unrecognized?: Readonly<Record<string, string>>;
}

/** How a rule that another stack owns is reached. */
export type BucketEncryptionLookup = Pick<BucketEncryptionArgs, "store" | "region" | "endpoint" | "forcePathStyle">;

/**
 * A bucket's default server-side encryption rule. The bucket itself is not managed by this resource.
 *
 * ```ts
 * new BucketEncryption("logs", { bucket: "my-logs", sseAlgorithm: "KMS", kmsMasterKeyId: key.id });
 * ```
 */
export class BucketEncryption extends pulumi.CustomResource {
    declare readonly bucket: pulumi.Output<string>;
    declare readonly sseAlgorithm: pulumi.Output<string>;
    declare readonly kmsMasterKeyId: pulumi.Output<string | undefined>;
    declare readonly kmsDataEncryption: pulumi.Output<string | undefined>;
    declare readonly bucketKeyEnabled: pulumi.Output<boolean | undefined>;
    declare readonly store: pulumi.Output<string | undefined>;
    declare readonly region: pulumi.Output<string | undefined>;
    declare readonly endpoint: pulumi.Output<string | undefined>;
    declare readonly forcePathStyle: pulumi.Output<boolean | undefined>;
    declare readonly deletionIsSafe: pulumi.Output<boolean | undefined>;
    declare readonly account: pulumi.Output<Account | undefined>;
    declare readonly existingRule: pulumi.Output<string | undefined>;
    declare readonly onDelete: pulumi.Output<string | undefined>;
    declare readonly forceDelete: pulumi.Output<boolean | undefined>;
    declare readonly verifyKey: pulumi.Output<boolean | undefined>;
    declare readonly proveKey: pulumi.Output<boolean | undefined>;
    /** The rule that the bucket had when the resource was created; `undefined` when it had none. */
    declare readonly previousRule: pulumi.Output<FoundRule | undefined>;
    /** Fields of the rule that this version doesn't know, as they were last read. */
    declare readonly unrecognized: pulumi.Output<Readonly<Record<string, string>> | undefined>;

    /** Reads the rule of a bucket that this stack doesn't manage. Fails when the bucket has none. */
    static get(
        name: string,
        bucket: pulumi.Input<pulumi.ID>,
        lookup: BucketEncryptionLookup = {},
        options?: pulumi.CustomResourceOptions,
    ): BucketEncryption {
        return new BucketEncryption(name, lookup as BucketEncryptionArgs, { ...options, id: bucket });
    }

    /** Whether a value is a `BucketEncryption`, also one of another copy of this package. */
    static override isInstance(value: unknown): value is BucketEncryption {
        return (
            pulumi.CustomResource.isInstance(value) &&
            (value as { __pulumiType?: string }).__pulumiType === bucketEncryptionType
        );
    }

    constructor(name: string, args: BucketEncryptionArgs, options?: pulumi.CustomResourceOptions) {
        refuseOpenSecrets();
        requireLoadableProvider();
        // Every output is named, so that it resolves also where the engine's answer leaves it out. What is misspelt is
        // passed on, to be refused by name.
        const named = Object.fromEntries([...inputNames, ...outputNames].map((name) => [name, undefined]));
        const properties = { ...named, ...args, __provider: handlerText };
        super(bucketEncryptionType, name, properties, withSecretOutputs(args, options));
    }
}

/** A credential in the clear would stand in `Pulumi.<stack>.yaml` and in every state of the stack. */
export function refuseOpenSecrets(): void {
    // Not in the SDK's types, though in every version of it; a later one without it only loses this refusal.
    const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
    for (const name of secretCredentialNames) {
        const key = `bucket-encryption:${name}`;
        if (pulumi.runtime.getConfig(key) === undefined || isConfigSecret?.(key) !== false) continue;
        throw new pulumi.RunError(
            new UserError("open-secret", `The stack's configuration holds ${key} in the clear`).message,
        );
    }
}

const inputNames = [
    "bucket",
    "sseAlgorithm",
    "kmsMasterKeyId",
    "kmsDataEncryption",
    "bucketKeyEnabled",
    "store",
    "region",
    "endpoint",
    "forcePathStyle",
    "deletionIsSafe",
    "account",
    "existingRule",
    "onDelete",
    "forceDelete",
    "verifyKey",
    "proveKey",
] as const satisfies readonly (keyof BucketEncryptionArgs)[];

const outputNames = ["previousRule", "unrecognized"] as const satisfies readonly (keyof BucketEncryption)[];

/**
 * The engine hides an output where the input of the same name is a secret. A key that is one may also stand in
 * `previousRule`, when it was in the bucket's rule before; whether an output is a secret can't be asked here, so each counts.
 */
function withSecretOutputs(
    { kmsMasterKeyId }: BucketEncryptionArgs,
    options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions | undefined {
    if (!pulumi.Output.isInstance(kmsMasterKeyId)) return options;
    return { ...options, additionalSecretOutputs: [...(options?.additionalSecretOutputs ?? []), "previousRule"] };
}
