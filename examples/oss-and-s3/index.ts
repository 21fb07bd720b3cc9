import { BucketEncryption } from "pulumi-bucket-encryption";

// What holds for every bucket, in any cloud.
const rule = { sseAlgorithm: "KMS", onDelete: "remove" } as const;

const stores = ["oss", "s3"] as const;
const invoices = stores.map(
    (store) => new BucketEncryption(`invoices-${store}`, { ...rule, store, bucket: "invoices" }),
);

export const algorithms = invoices.map(({ sseAlgorithm }) => sseAlgorithm);
