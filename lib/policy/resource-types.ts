/** Type tokens of the other resources that these policies know: those of `@pulumi/alicloud` 3 and `@pulumi/aws` 6 and 7. */
export const resourceTypes = {
    stack: "pulumi:pulumi:Stack",
    ossBucket: "alicloud:oss/bucket:Bucket",
    ossEncryption: "alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption",
    kmsKey: "alicloud:kms/key:Key",
    s3Bucket: "aws:s3/bucket:Bucket",
    s3BucketV2: "aws:s3/bucketV2:BucketV2",
    s3Encryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    s3EncryptionV2: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
    awsKmsKey: "aws:kms/key:Key",
} as const;

/** Resources that create a bucket, with or without a rule. */
export const bucketTypes: readonly string[] = [
    resourceTypes.ossBucket,
    resourceTypes.s3Bucket,
    resourceTypes.s3BucketV2,
];

/** The stack's and the resource's own name, as a URN has them: `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export function urnParts(urn: string): { readonly stack: string; readonly name: string } {
    const [first = "", , , ...name] = urn.split("::");
    return { stack: first.replace(/^urn:pulumi:/, ""), name: name.join("::") };
}
