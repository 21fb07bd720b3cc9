/** What a setting's value must be. `account ids`: a list, or one text with commas. */
export type SettingType = "text" | "boolean" | "account" | "account ids";

/** One setting of the stack's configuration, `bucket-encryption:<name>`. */
export interface Setting {
    readonly name: string;
    readonly type: SettingType;
    /** For the documentation. */
    readonly meaning: string;
    /** Variables of the environment that are read when the setting is absent, the first before the others. */
    readonly variables?: readonly string[];
    /** Whether the stack must hold it encrypted. */
    readonly isSecret?: boolean;
}

export const settingNamespace = "bucket-encryption";

/** Every setting. Reading, refusal of wrong keys and the table in `docs/settings.md` follow from these rows. */
export const settings = [
    {
        name: "region",
        type: "text",
        meaning: "Region of the OSS buckets that name none.",
        variables: ["OSS_REGION"],
    },
    {
        name: "endpoint",
        type: "text",
        meaning: "Endpoint of the OSS buckets that name none.",
        variables: ["OSS_ENDPOINT"],
    },
    {
        name: "kmsEndpoint",
        type: "text",
        meaning: "Endpoint of KMS, for looking up keys. Default: the endpoint of the bucket's region.",
        variables: ["ALIBABA_CLOUD_KMS_ENDPOINT"],
    },
    {
        name: "stsEndpoint",
        type: "text",
        meaning: "Endpoint of STS. Default: `sts.aliyuncs.com`, or a region's with `ALIBABA_CLOUD_STS_REGION`.",
        variables: ["ALIBABA_CLOUD_STS_ENDPOINT"],
    },
    {
        name: "account",
        type: "account",
        meaning: "Account of the OSS buckets that name none (an object, see accounts.md).",
    },
    {
        name: "allowedAccountIds",
        type: "account ids",
        meaning: "The only accounts that the stack may work in.",
    },
    {
        name: "forbiddenAccountIds",
        type: "account ids",
        meaning: "Accounts that the stack must never work in.",
    },
    {
        name: "profile",
        type: "text",
        meaning: "Profile of the aliyun CLI or of the credentials file.",
        variables: ["ALIBABA_CLOUD_PROFILE"],
    },
    {
        name: "accessKeyId",
        type: "text",
        meaning: "Access key for OSS, KMS and STS.",
        variables: ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    },
    {
        name: "accessKeySecret",
        type: "text",
        meaning: "Secret of the access key.",
        variables: ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        isSecret: true,
    },
    {
        name: "securityToken",
        type: "text",
        meaning: "Security token of a temporary access key.",
        variables: ["ALIBABA_CLOUD_SECURITY_TOKEN"],
        isSecret: true,
    },
    {
        name: "s3Region",
        type: "text",
        meaning: "Region of the S3 buckets that name none.",
        variables: ["AWS_REGION", "AWS_DEFAULT_REGION"],
    },
    {
        name: "s3Endpoint",
        type: "text",
        meaning: "Endpoint of the S3 buckets that name none.",
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
        meaning: "Whether the stack's S3 services remove only the rule on `DELETE ?encryption`.",
    },
] as const satisfies readonly Setting[];
