import { optionalRuleArguments, type StoreCapabilities, storeAlgorithms } from "../../rule";
import type { StoreFamily } from "../store-family";

const s3Capabilities: StoreCapabilities = {
    store: "s3",
    sseAlgorithms: storeAlgorithms.s3,
    optionalArguments: [...optionalRuleArguments("s3"), "forcePathStyle", "deletionIsSafe"],
    keyLookup: false,
    usualSecondOwner: "the encryption of an aws.s3.Bucket, or a BucketServerSideEncryptionConfiguration",
};

/**
 * Every bucket of AWS is encrypted so since January 2023, and returns to it when its rule is removed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html
 */
const awsCapabilities: StoreCapabilities = { ...s3Capabilities, serviceRule: { sseAlgorithm: "AES256" } };

// Loaded with the first bucket of S3: most stacks have none.
const targets = (): typeof import("./s3-target") => require("./s3-target");

/** AWS S3, and services that speak its API. */
export const s3StoreFamily: StoreFamily = {
    name: "s3",
    words: {
        title: "AWS S3 and services that speak its API",
        withoutRule:
            "AWS encrypts new objects with keys of its own (AES256), and other services may store them as they are sent",
        auditActions: "s3:ListAllMyBuckets and s3:GetEncryptionConfiguration, and s3:GetBucketTagging for --tag",
        unlistedBuckets: [
            "directory buckets (S3 Express One Zone)",
            "table buckets (S3 Tables)",
            "vector buckets (S3 Vectors)",
            "buckets on Outposts",
        ],
        firstAskedRegion: "us-east-1",
    },
    settings: [
        {
            name: "s3Region",
            type: "text",
            meaning: "Region of the S3 buckets that name none.",
            argument: "region",
            variables: ["AWS_REGION", "AWS_DEFAULT_REGION"],
        },
        {
            name: "s3Endpoint",
            type: "text",
            meaning: "Endpoint of the S3 buckets that name none.",
            argument: "endpoint",
            variables: ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"],
        },
        {
            name: "s3Profile",
            type: "text",
            meaning: "Profile of the shared AWS files.",
            variables: ["AWS_PROFILE"],
        },
        {
            name: "s3DeletionIsSafe",
            type: "boolean",
            meaning:
                "`true` if every S3 service of the stack removes only the rule on `DELETE ?encryption`. Default: `false`.",
        },
    ],
    account: {
        id: { shape: /^\d{12}$/, meant: 'the id of an AWS account, 12 digits in quotes such as "111122223333"' },
        insteadOfRoles: "name an AWS profile that assumes the role (role_arn) by profile",
    },
    hasBucketsByEndpoint: true,
    benchmarks: [],
    capabilities: (target = {}) => (targets().isAwsTarget(target) ? awsCapabilities : s3Capabilities),
    validateTarget: (target) => targets().s3TargetIssues(target),
    isCompatibleOnly: (target) => !targets().isAwsTarget(target),
    rights: () => {
        const { s3Rights }: typeof import("./s3-rights") = require("./s3-rights");
        return s3Rights;
    },
    serviceAt: (place) => targets().s3ServiceAt(place),
    endpointOf: (region) => `https://s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`,
    connect: (surroundings) => {
        const { S3Access }: typeof import("./s3-access") = require("./s3-access");
        return new S3Access(surroundings);
    },
};
