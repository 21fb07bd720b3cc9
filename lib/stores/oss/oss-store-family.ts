import { optionalRuleArguments, type StoreCapabilities, storeAlgorithms } from "../../rule";
import type { StoreFamily } from "../store-family";
import { firstAskedRegion, ossServiceAt, regionNamedBy } from "./oss-endpoint";
import { ossTargetIssues } from "./oss-target";

const ossCapabilities: StoreCapabilities = {
    store: "oss",
    sseAlgorithms: storeAlgorithms.oss,
    optionalArguments: optionalRuleArguments("oss"),
    keyLookup: true,
    usualSecondOwner: "`serverSideEncryptionRule` of an alicloud.oss.Bucket",
};

/** Alibaba Cloud OSS, and servers that speak its API. */
export const ossStoreFamily: StoreFamily = {
    name: "oss",
    words: {
        title: "Alibaba Cloud OSS",
        withoutRule: "OSS stores new objects as they are sent",
        auditActions:
            "oss:ListBuckets and oss:GetBucketInfo (or oss:GetBucketEncryption), and kms:DescribeKey for keys",
        unlistedBuckets: ["table buckets (OSS Tables)", "vector buckets (OSS Vectors)"],
        firstAskedRegion,
    },
    settings: [
        {
            name: "region",
            type: "text",
            meaning: "Region of the OSS buckets that name none.",
            argument: "region",
            variables: ["OSS_REGION"],
        },
        {
            name: "endpoint",
            type: "text",
            meaning: "Endpoint of the OSS buckets that name none.",
            argument: "endpoint",
            variables: ["OSS_ENDPOINT"],
        },
        {
            name: "kmsEndpoint",
            type: "text",
            meaning: "Endpoint of KMS, for looking up keys. Default: the endpoint of the bucket's region.",
            variables: ["ALIBABA_CLOUD_KMS_ENDPOINT"],
        },
        {
            name: "account",
            type: "account",
            meaning: "Account of the OSS buckets that name none: an object as in [accounts.md](accounts.md).",
        },
    ],
    account: {
        id: {
            shape: /^\d{16}$/,
            meant: 'the id of an account, 16 digits in quotes such as "1000000000000001"',
        },
    },
    hasBucketsByEndpoint: false,
    benchmarks: ["cis-alibaba-cloud"],
    capabilities: () => ossCapabilities,
    validateTarget: ossTargetIssues,
    rights: () => {
        const { ossRights }: typeof import("./oss-rights") = require("./oss-rights");
        return ossRights;
    },
    serviceAt: ossServiceAt,
    endpointOf: (region) => `https://oss-${region}.aliyuncs.com`,
    regionOf: regionNamedBy,
    connect: (surroundings) => {
        const { OssAccess }: typeof import("./oss-access") = require("./oss-access");
        return new OssAccess(surroundings);
    },
};
