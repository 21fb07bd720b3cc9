import type { ErrorDescription } from "./error-description";

/** What can go wrong between this package and a storage service, or on the way to credentials for it. */
export const storeErrors = {
    "rule-not-found": {
        meaning: "The bucket is there and has no default encryption rule.",
        cure: "Let the stack that owns the bucket declare its rule, or look up another bucket.",
    },
    "bucket-not-found": {
        meaning: "The service knows no bucket of this name.",
        cure: "Create the bucket first, or correct `bucket`.",
    },
    "invalid-target": {
        meaning: "The declared bucket, region or endpoint can't be where a bucket is reached. No request was made.",
        cure: "Correct the named properties.",
    },
    "no-credentials": {
        meaning: "No complete access key was found in any of the places where credentials are looked for.",
        cure: "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (and ALIBABA_CLOUD_SECURITY_TOKEN for temporary credentials), or run `aliyun configure`; for S3 set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), or AWS_PROFILE, or run `aws configure`; or give the machine an instance role.",
    },
    "missing-package": {
        meaning: "A package that only some stacks need isn't installed where this package can find it.",
        cure: "Run `npm install @aws-sdk/client-s3` in the stack's folder.",
    },
    "role-not-assumed": {
        meaning: "A role couldn't be assumed: it isn't there, doesn't trust the caller, or STS can't be asked.",
        cure: "Check the role's ARN, that its trust policy names the caller (and its `externalId`), that the caller may do `sts:AssumeRole`, and that ALIBABA_CLOUD_STS_ENDPOINT leads to STS.",
    },
    "wrong-account": {
        meaning:
            "The credentials in effect, or the bucket, belong to another account than the declared one. Nothing was written.",
        cure: "Use credentials, a profile or a role of the declared account, or correct `account.id` or the bucket's name.",
    },
    "account-not-known": {
        meaning:
            "`account.id` or a list of account ids is given, and whose credentials are in use, or whose the bucket is, can't be told. Nothing was written.",
        cure: "See to it that STS can be reached and the credentials allow `oss:GetBucketInfo` on the bucket, or leave out `account.id`.",
    },
    "buckets-failed": {
        meaning: "Some buckets of a set couldn't be worked. What was done for the others is kept in the stack's state.",
        cure: "Mend what is said of each kind, or exclude the buckets with a reason, and run again: only what is missing is done then.",
    },
    "open-secret": {
        meaning: "A secret credential stands in the stack's configuration unencrypted.",
        cure: "Replace the credential, since it may have been read, and set the new one with `pulumi config set --secret`.",
    },
    "credentials-rejected": {
        meaning: "The service doesn't accept the access key, its secret or the security token.",
        cure: "Check which credentials are in effect, and replace them by an enabled access key with its own secret, or by a fresh security token.",
    },
    "access-denied": {
        meaning:
            "The credentials are valid, but may not do this to this bucket, or the bucket belongs to another account.",
        cure: "Let the owner of the bucket grant the named action by a policy of the account (RAM, IAM) or of the bucket, or use credentials of the account that owns the bucket.",
    },
    "account-suspended": {
        meaning:
            "The service doesn't work for the account of the credentials or of the bucket: a payment is overdue, or the account or the bucket was disabled, for instance for security reasons.",
        cure: "Let the owner of the account settle what is due or ask the service's support what is blocked and why; then run again.",
    },
    "clock-skew": {
        meaning:
            "The clock of this machine differs from the service's by more than 15 minutes, so signatures are refused.",
        cure: "Set the clock of this machine, for instance by turning on NTP.",
    },
    "wrong-endpoint": {
        meaning: "The bucket is in another region than the one asked, or is reached through another endpoint.",
        cure: "Set `region` to the bucket's own region, and leave out `endpoint` or set it to that region's endpoint.",
    },
    throttled: {
        meaning: "The service limits the rate of requests, and still did after the retries.",
        cure: "Run again later, with a lower `--parallel`, or let the account's request quota be raised.",
    },
    "service-unavailable": {
        meaning: "The service failed to answer for a reason of its own, and still did after the retries.",
        cure: "Run again in a few minutes; if it lasts, give the request id to the service's support.",
    },
    unreachable: {
        meaning:
            "No answer came from the service: the name can't be resolved, or the connection failed, or it took too long.",
        cure: "Check `endpoint` and `region`, the network, and whether a firewall or proxy is in between (an `-internal` endpoint is reached only from Alibaba Cloud's own network of that region).",
    },
    "invalid-request": {
        meaning: "The service understands the request and refuses what it asks for.",
        cure: "Change the declared rule so that the service accepts it; its answer says what it objects to.",
    },
    "not-supported": {
        meaning:
            "The service doesn't offer bucket encryption, or not this way of it. Whether the bucket has a rule isn't known.",
        cure: "Look into the service's documentation for what it offers, correct `endpoint`, or take the bucket out of the stack.",
    },
    "unsafe-deletion": {
        meaning:
            "Removing a rule is refused, since the service isn't known to remove the rule only: some (Ceph before 2020) take the request for one to delete the bucket. No request to remove anything was made.",
        cure: 'If the service\'s `DELETE ?encryption` removes the rule only, set `deletionIsSafe: true`, or run `pulumi config set bucket-encryption:s3DeletionIsSafe true`, and deploy that first; otherwise set `onDelete` to "retain" or "restore".',
    },
    "key-unusable": {
        meaning:
            "The KMS key of the rule doesn't exist, is disabled or about to be deleted, may not be used by these credentials, or KMS isn't activated for the account.",
        cure: "Check that `kmsMasterKeyId` names an enabled key in the bucket's region and account, that the credentials may use it (`kms:GenerateDataKey` and `kms:Decrypt`), and that KMS is activated.",
    },
    "invalid-answer": {
        meaning:
            "What answered isn't what the store would answer: another server, a proxy, or an answer that was cut off.",
        cure: "Check that `endpoint` is one of the declared store and that no proxy or login page is in between.",
    },
    cancelled: {
        meaning:
            "Somebody cancelled the operation at the engine. The request under way was finished, and nothing more was begun. A rule that was written and not yet read back is kept in the state as created and not ready.",
        cure: "Run the operation again; it goes on where this one ended.",
    },
    "request-cancelled": {
        meaning: "The operation was cancelled before the service answered. Whether a write took effect isn't known.",
        cure: "Run `pulumi refresh`, then run the operation again.",
    },
} as const satisfies Record<string, ErrorDescription>;
