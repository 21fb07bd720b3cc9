import type { StoreCapabilities, StoreFamily } from "../encryption-store";
import { regionNamedBy } from "./oss-endpoint";
import { ossTargetIssues } from "./oss-target";

const ossCapabilities: StoreCapabilities = {
    store: "oss",
    sseAlgorithms: ["AES256", "KMS", "SM4"],
    keyLookup: true,
    usualSecondOwner: "`serverSideEncryptionRule` of an alicloud.oss.Bucket",
};

/** Alibaba Cloud OSS, and servers that speak its API. */
export const ossStoreFamily: StoreFamily = {
    capabilities: () => ossCapabilities,
    validateTarget: ossTargetIssues,
    regionOf: regionNamedBy,
};
