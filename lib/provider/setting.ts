import { type StoreSetting, storeFamilies } from "../stores";

/** Every setting is `bucket-encryption:<name>` in the stack's configuration. */
export const settingNamespace = "bucket-encryption";

/** Settings that are not of one family of stores: credentials for Alibaba Cloud, and the guard of the whole stack. */
const commonSettings: readonly StoreSetting[] = [
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
        name: "stsEndpoint",
        type: "text",
        meaning: "Endpoint of STS. Default: `sts.aliyuncs.com`, or a region's with `ALIBABA_CLOUD_STS_REGION`.",
        variables: ["ALIBABA_CLOUD_STS_ENDPOINT"],
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
];

/** Every setting. Reading, refusal of wrong keys and the table in `docs/resource.md` follow from these rows. */
export function settingTable(): readonly StoreSetting[] {
    return [...Object.values(storeFamilies).flatMap(({ settings }) => settings), ...commonSettings];
}

/** Settings that must be encrypted in the stack; otherwise the engine keeps them in plain text. */
export function secretSettingNames(): readonly string[] {
    return settingTable().flatMap(({ name, isSecret }) => (isSecret ? [name] : []));
}
