import type { RightSubject, StoreRights } from "../store-right";

const bucketResource = ({ bucket = "*" }: RightSubject): string => `arn:aws:s3:::${bucket}`;

/**
 * The rights that this package needs for S3 buckets. `DeleteBucketEncryption` has the action of `PutBucketEncryption`.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const s3Rights: StoreRights = {
    system: "IAM",
    policyVersion: "2012-10-17",
    rights: [
        {
            action: "s3:ListAllMyBuckets",
            purpose: "baselines and audits",
            shownBy: "list",
            resource: () => "*",
        },
        {
            action: "s3:GetEncryptionConfiguration",
            purpose: "every preview and deployment",
            shownBy: "rule",
            resource: bucketResource,
        },
        {
            action: "s3:PutEncryptionConfiguration",
            purpose: "writing and removing a rule",
            shownBy: "none",
            resource: bucketResource,
        },
    ],
};
