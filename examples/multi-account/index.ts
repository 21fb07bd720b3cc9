import * as pulumi from "@pulumi/pulumi";
import { BucketEncryption } from "pulumi-bucket-encryption";

// One stack for each account. rollout.yaml names its buckets and its role.
const buckets = new pulumi.Config().requireObject<string[]>("buckets");

for (const bucket of buckets) new BucketEncryption(bucket, { bucket, sseAlgorithm: "KMS" });
