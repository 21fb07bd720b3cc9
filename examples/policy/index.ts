import { BucketEncryption } from "pulumi-bucket-encryption";

// In order under policies.json.
new BucketEncryption("payments", {
    bucket: "policy-payments",
    sseAlgorithm: "KMS",
    kmsMasterKeyId: "alias/buckets",
    onDelete: "retain",
});

// Violates allowed-algorithms, customer-key-required and keep-rule-on-delete; mend.json mends all three.
new BucketEncryption("logs", { bucket: "policy-logs", sseAlgorithm: "SM4" });

// Violates allowed-keys: the key isn't one of those that the security team gives out. Nobody but a person can mend it.
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
