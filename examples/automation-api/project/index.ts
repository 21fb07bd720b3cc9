import * as pulumi from "@pulumi/pulumi";
import { BucketEncryption } from "pulumi-bucket-encryption";

// The program that drives this stack sets the names.
const buckets = new pulumi.Config().requireObject<readonly string[]>("buckets");

export const rules = Object.fromEntries(
    buckets.map((bucket) => [bucket, new BucketEncryption(bucket, { bucket, sseAlgorithm: "AES256" }).sseAlgorithm]),
);
