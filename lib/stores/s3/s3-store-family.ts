import type { StoreCapabilities, StoreFamily } from "../encryption-store";
import { isAwsTarget, s3TargetIssues } from "./s3-target";

const s3Capabilities: StoreCapabilities = {
    store: "s3",
    sseAlgorithms: ["AES256", "KMS", "KMS_DSSE"],
    keyLookup: false,
    usualSecondOwner: "the encryption of an aws.s3.Bucket, or a BucketServerSideEncryptionConfiguration",
};

/**
 * Every bucket of AWS is encrypted so since January 2023, and returns to it when its rule is removed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html
 */
const awsCapabilities: StoreCapabilities = { ...s3Capabilities, ruleByItself: { sseAlgorithm: "AES256" } };

/** AWS S3, and services that speak its API. */
export const s3StoreFamily: StoreFamily = {
    capabilities: (target = {}) => (isAwsTarget(target) ? awsCapabilities : s3Capabilities),
    validateTarget: s3TargetIssues,
};
