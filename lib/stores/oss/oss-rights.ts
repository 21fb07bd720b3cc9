import type { RightSubject, StoreRights } from "../store-right";

const bucketResource = ({ account = "*", bucket = "*" }: RightSubject): string => `acs:oss:*:${account}:${bucket}`;
const everyBucket = ({ account = "*" }: RightSubject): string => `acs:oss:*:${account}:*`;

/** An alias is not a part of a key's ARN, so the statement names all keys of the region. */
const keyResource = ({ account = "*", region = "*", key = "*" }: RightSubject): string =>
    key.startsWith("acs:kms:") ? key : `acs:kms:${region}:${account}:key/${/^alias\//.test(key) ? "*" : key}`;

/**
 * The rights that this package needs for OSS buckets and their keys.
 * Source: https://help.aliyun.com/en/oss/user-guide/ram-policy-overview/
 */
export const ossRights: StoreRights = {
    system: "RAM",
    policyVersion: "1",
    rights: [
        { action: "oss:ListBuckets", purpose: "baselines and audits", shownBy: "list", resource: everyBucket },
        {
            action: "oss:GetBucketInfo",
            purpose: "audits, and the check of the owner with account.id",
            shownBy: "describe",
            resource: bucketResource,
        },
        {
            action: "oss:GetBucketEncryption",
            purpose: "every preview and deployment",
            shownBy: "rule",
            resource: bucketResource,
        },
        {
            action: "oss:PutBucketEncryption",
            purpose: "writing a rule",
            shownBy: "none",
            resource: bucketResource,
        },
        {
            action: "oss:DeleteBucketEncryption",
            purpose: "removing a rule",
            shownBy: "none",
            resource: bucketResource,
        },
        { action: "kms:DescribeKey", purpose: "verifying a key", shownBy: "key", resource: keyResource },
    ],
};
