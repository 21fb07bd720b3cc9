// One set of as many buckets as BUCKETS says; with OVERRIDE one of them has another rule.
const { BucketEncryptionSet } = require("pulumi-bucket-encryption");

new BucketEncryptionSet("fleet", {
    buckets: Array.from({ length: Number(process.env.BUCKETS) }, (_, index) => `bench-${index}`),
    sseAlgorithm: "AES256",
    onDelete: "remove",
    ...(process.env.OVERRIDE && { overrides: { "bench-7": { sseAlgorithm: "SM4" } } }),
});
