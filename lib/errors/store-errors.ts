import type { ErrorDescription } from "./error-description";

/** What can go wrong between this package and a storage service, or on the way to credentials for it. */
export const storeErrors = {
    "rule-not-found": {
        meaning: "The bucket exists and has no default encryption rule.",
        cure: "Declare a rule for the bucket instead of importing one or looking one up, or name another bucket.",
    },
    "bucket-not-found": {
        meaning: "The service has no bucket of this name.",
        cure: "Create the bucket first, or correct `bucket`.",
    },
    "invalid-target": {
        meaning: "The declared bucket, region or endpoint is not valid. No request was made.",
        cure: "Correct the named properties.",
    },
    "invalid-settings": {
        meaning:
            "The stack's configuration has a key `bucket-encryption:…` that is not a setting, or a setting with an invalid value. No request was made.",
        cure: "Correct the named keys, or remove them with `pulumi config rm`.",
    },
    "no-credentials": {
        meaning: "No complete access key was found in any of the searched places.",
        cure: "Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (and ALIBABA_CLOUD_SECURITY_TOKEN for temporary credentials), or run `aliyun configure`; for S3 set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), or AWS_PROFILE, or run `aws configure`; or give the machine an instance role.",
    },
    "missing-package": {
        meaning: "A package is not installed where the process that needs it can find it.",
        cure: "Run `npm install @aws-sdk/client-s3` in the stack's folder.",
    },
    "role-not-assumed": {
        meaning: "A role cannot be assumed: it does not exist, does not trust the caller, or STS did not answer.",
        cure: "Check the role's ARN, that its trust policy names the caller (and its `externalId`), that the caller may call `sts:AssumeRole`, and that ALIBABA_CLOUD_STS_ENDPOINT is an STS endpoint.",
    },
    "wrong-account": {
        meaning:
            "The credentials in use, or the bucket, belong to another account than the declared one. Nothing was written.",
        cure: "Use credentials, a profile or a role of the declared account, or correct `account.id` or the bucket's name.",
    },
    "account-not-known": {
        meaning:
            "An account id is declared, and the account that owns the credentials or the bucket could not be determined. Nothing was written.",
        cure: "Make sure that STS can be reached and that the credentials allow `oss:GetBucketInfo` on the bucket, or remove `account.id`.",
    },
    "buckets-failed": {
        meaning: "Some buckets of a set failed. The stack's state keeps what succeeded for the others.",
        cure: "Fix or exclude them, with a reason, and run again; only those are retried.",
    },
    "open-secret": {
        meaning: "The stack's configuration holds a credential in plain text.",
        cure: "Replace the credential, since others may have read it, and set the new one with `pulumi config set --secret`.",
    },
    "credentials-rejected": {
        meaning: "The service did not accept the access key, its secret or the security token.",
        cure: "Check which credentials are in use. Replace them with an enabled access key and its own secret, or with a fresh security token.",
    },
    "access-denied": {
        meaning:
            "The credentials are valid but do not allow this action on this bucket, or the bucket belongs to another account.",
        cure: "Ask the owner of the bucket to allow the named action in a policy of the account (RAM, IAM) or of the bucket, or use credentials of the account that owns the bucket.",
    },
    "account-suspended": {
        meaning:
            "The service refuses the account of the credentials or of the bucket: a payment is overdue, or the account or the bucket was disabled, for instance for security reasons.",
        cure: "Ask the owner of the account to pay what is due, or ask the service's support what is blocked and why. Then run again.",
    },
    "clock-skew": {
        meaning:
            "The clock of this machine differs from the service's by more than 15 minutes, so the service refuses signatures.",
        cure: "Set the clock of this machine, for instance by turning on NTP.",
    },
    "wrong-endpoint": {
        meaning: "The bucket is in another region than the requested one, or needs another endpoint.",
        cure: "Set `region` to the bucket's own region, and remove `endpoint` or set it to that region's endpoint.",
    },
    throttled: {
        meaning: "The service limits the rate of requests, and the retries did not help.",
        cure: "Run again later, with a lower `--parallel`, or ask for a higher request quota for the account.",
    },
    "service-unavailable": {
        meaning: "The service failed, and the retries did not help.",
        cure: "Run again in a few minutes. If the failure lasts, give the request id to the service's support.",
    },
    unreachable: {
        meaning:
            "The service did not answer: its name cannot be resolved, the connection failed, or the answer took too long.",
        cure: "Check `endpoint` and `region`, the network, and any firewall or proxy. An `-internal` endpoint is reachable only from Alibaba Cloud's own network of that region.",
    },
    "invalid-request": {
        meaning: "The service understood the request and refused it.",
        cure: "Its answer names what it refused. If that was a write, change the declared rule to one that the service accepts.",
    },
    "not-supported": {
        meaning:
            "The service does not offer bucket encryption, or not in this form. It is unknown whether the bucket has a rule.",
        cure: "Check the service's documentation, correct `endpoint`, or remove the bucket from the stack.",
    },
    "unsafe-deletion": {
        meaning:
            "The rule was not removed, because the service is not known to remove only the rule: some services (Ceph before 2020) delete the bucket instead. No request to remove anything was sent.",
        cure: 'If the service\'s `DELETE ?encryption` removes only the rule, set `deletionIsSafe: true`, or run `pulumi config set bucket-encryption:s3DeletionIsSafe true`, and deploy that first. Otherwise set `onDelete` to "retain" or "restore".',
    },
    "key-unusable": {
        meaning:
            "The KMS key of the rule does not exist, is disabled or about to be deleted, is not allowed for these credentials, or KMS is not activated for the account.",
        cure: "Check that `kmsMasterKeyId` names an enabled key in the bucket's region and account, that the credentials allow `kms:GenerateDataKey` and `kms:Decrypt` on it, and that KMS is activated.",
    },
    "invalid-answer": {
        meaning:
            "The answer does not come from the declared store: another server or a proxy answered, or the answer was cut off.",
        cure: "Check that `endpoint` belongs to the declared store and that no proxy or login page answers instead.",
    },
    cancelled: {
        meaning:
            "The operation was cancelled at the engine. The request that was under way was finished, and no other was started. A rule that was written but not read back stays in the state as created and not ready.",
        cure: "Run the operation again; it continues where this one ended.",
    },
    "request-cancelled": {
        meaning: "The operation was cancelled before the service answered. It is unknown whether a write took effect.",
        cure: "Run `pulumi refresh`, then run the operation again.",
    },
} as const satisfies Record<string, ErrorDescription>;
