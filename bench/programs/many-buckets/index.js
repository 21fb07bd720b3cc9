const { BucketEncryption } = require("pulumi-bucket-encryption");

for (let index = 0; index < Number(process.env.BUCKETS); index += 1) {
    new BucketEncryption(`bucket-${index}`, { bucket: `bench-${index}`, sseAlgorithm: "KMS" });
}
