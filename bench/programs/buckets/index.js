// As many buckets as BUCKETS says, declared in the way that KIND says. With OVERRIDE one bucket of a set has another rule.
const count = Number(process.env.BUCKETS);
const [kind, classes] = process.env.KIND.split(" of ");
const { BucketEncryption, BucketEncryptionSet } = require(
    classes === "plugin" ? "pulumi-bucket-encryption/native" : "pulumi-bucket-encryption",
);

if (kind === "set") {
    new BucketEncryptionSet("fleet", {
        buckets: Array.from({ length: count }, (_, index) => `bench-${index}`),
        sseAlgorithm: "KMS",
        onDelete: "remove",
        ...(process.env.OVERRIDE && { overrides: { "bench-7": { sseAlgorithm: "SM4" } } }),
    });
} else {
    for (let index = 0; index < count; index += 1) {
        new BucketEncryption(`bucket-${index}`, { bucket: `bench-${index}`, sseAlgorithm: "KMS" });
    }
}
