import * as alicloud from "@pulumi/alicloud";
import { BucketEncryption } from "pulumi-bucket-encryption";

const key = new alicloud.kms.Key("payments", {
    description: "Encrypts the bucket of payments",
    pendingWindowInDays: 30,
});

const bucket = new alicloud.oss.Bucket(
    "payments",
    { bucket: "acme-payments" },
    // Without it, a refresh copies the rule into the bucket's state, and the next deployment removes it.
    { ignoreChanges: ["serverSideEncryptionRule"], protect: true },
);

const encryption = new BucketEncryption("payments", {
    // The output, not the name: so the bucket is created first.
    bucket: bucket.bucket.apply((name) => name ?? ""),
    sseAlgorithm: "KMS",
    kmsMasterKeyId: key.id,
    onDelete: "retain",
});

export const encryptedBucket = encryption.bucket;
export const keyId = key.id;
