import { BucketEncryption } from "pulumi-bucket-encryption";

// The buckets exist already; the stack decides how they encrypt what is written to them.
const logs = new BucketEncryption("logs", { bucket: "quickstart-logs", sseAlgorithm: "AES256" });
const archive = new BucketEncryption("archive", { bucket: "quickstart-archive", sseAlgorithm: "SM4" });
const reports = new BucketEncryption("reports", { bucket: "quickstart-reports", sseAlgorithm: "KMS" });
const payments = new BucketEncryption("payments", {
    bucket: "quickstart-payments",
    sseAlgorithm: "KMS",
    kmsMasterKeyId: "key-hzz65f0a1b2c3d4e5f6a7",
});

export const encryptedBuckets = [logs, archive, reports, payments].map(({ bucket }) => bucket);
