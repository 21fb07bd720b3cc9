import { readFile } from "node:fs/promises";
import { BucketEncryption } from "pulumi-bucket-encryption";

// An ES module may wait before it declares anything.
const buckets: string[] = JSON.parse(await readFile(new URL("buckets.json", import.meta.url), "utf8"));

export const encrypted = buckets.map(
    (bucket) => new BucketEncryption(bucket, { bucket, sseAlgorithm: "KMS", kmsDataEncryption: "SM4" }).bucket,
);
