import * as pulumi from "@pulumi/pulumi";
import { handlerText } from "./handler-text";

/**
 * The default server-side encryption of one bucket, as a stack declares it. Allowed combinations:
 * `AES256` and `SM4` alone; `KMS` alone, with a key, with `kmsDataEncryption: "SM4"`, or with both.
 *
 * Source: https://help.aliyun.com/en/oss/developer-reference/putbucketencryption
 */
export interface BucketEncryptionArgs {
    /** The bucket's name. It identifies the resource: another name is another resource. */
    readonly bucket: pulumi.Input<string>;
    /** `AES256` or `SM4` (keys managed by OSS), or `KMS`. */
    readonly sseAlgorithm: pulumi.Input<"AES256" | "KMS" | "SM4" | (string & {})>;
    /** The KMS key, only with `KMS`. Left out: the key that the service keeps for the account. */
    readonly kmsMasterKeyId?: pulumi.Input<string | undefined>;
    /** How KMS encrypts the data, only with `KMS`: `SM4`, or left out for AES256. */
    readonly kmsDataEncryption?: pulumi.Input<"SM4" | (string & {}) | undefined>;
    /** The bucket's region, for instance `cn-hangzhou`. Default: `bucket-encryption:region`, then `OSS_REGION`. */
    readonly region?: pulumi.Input<string | undefined>;
    /** The OSS endpoint, for instance of a private network. Default: `bucket-encryption:endpoint`, `OSS_ENDPOINT`, the region's. */
    readonly endpoint?: pulumi.Input<string | undefined>;
}

/** How a rule that another stack owns is reached. */
export type BucketEncryptionLookup = Pick<BucketEncryptionArgs, "region" | "endpoint">;

const pulumiType = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";

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
    declare readonly region: pulumi.Output<string | undefined>;
    declare readonly endpoint: pulumi.Output<string | undefined>;
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
            pulumi.CustomResource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === pulumiType
        );
    }

    constructor(name: string, args: BucketEncryptionArgs, options?: pulumi.CustomResourceOptions) {
        const { bucket, sseAlgorithm, kmsMasterKeyId, kmsDataEncryption, region, endpoint, ...others } = args;
        // Every output is named, so that it resolves also where the engine's answer leaves it out. What is misspelt is
        // passed on, to be refused by name.
        const properties = { bucket, sseAlgorithm, kmsMasterKeyId, kmsDataEncryption, region, endpoint, ...others };
        super(pulumiType, name, { ...properties, unrecognized: undefined, __provider: handlerText }, options);
    }
}
