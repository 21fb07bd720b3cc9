import { BucketEncryption } from "pulumi-bucket-encryption";

/** What is stored in a bucket, which decides how it is encrypted. */
export type Content = "public" | "internal" | "personal";

const rules = {
    public: { sseAlgorithm: "AES256" },
    internal: { sseAlgorithm: "KMS" },
    personal: { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" },
} as const;

/** Declares the company's rule for a bucket. */
export const encrypt = (bucket: string, content: Content): BucketEncryption =>
    new BucketEncryption(bucket, { bucket, ...rules[content], onDelete: "retain" });
