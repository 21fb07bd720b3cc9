import { BucketEncryption } from "pulumi-bucket-encryption";

// Compliant with policies.json.
new BucketEncryption("payments", {
    bucket: "policy-payments",
    sseAlgorithm: "KMS",
    kmsMasterKeyId: "alias/buckets",
    onDelete: "retain",
});

// Violates allowed-algorithms, customer-key-required and keep-rule-on-delete; remediate.json corrects all three.
new BucketEncryption("logs", { bucket: "policy-logs", sseAlgorithm: "SM4" });

// Violates allowed-keys: the security team has not allowed this key. Only a person can correct it.
if (process.env.WITH_FOREIGN_KEY === "true") {
    new BucketEncryption("reports", {
        bucket: "policy-reports",
        sseAlgorithm: "KMS",
        kmsMasterKeyId: "alias/somebody-elses",
        onDelete: "retain",
    });
}

// Would violate allowed-algorithms, were it not for an exception with a reason and an end.
new BucketEncryption("archive", { bucket: "policy-archive", sseAlgorithm: "AES256", onDelete: "retain" });
