import type { CredentialConfiguration } from "../accounts";
import type { StoreSettings } from "../declaration";
import { UserError } from "../errors";
import type { KeyRequest } from "../lifecycle";

/** The stack's configuration, as the dynamic provider host hands it over. */
export interface StackConfiguration {
    get(key: string): unknown;
}

interface SettingPlaces {
    /** The name in the stack's configuration, after `bucket-encryption:`. */
    readonly key: string;
    /** Variables of the environment that say it, the first before the others. */
    readonly variables: readonly string[];
}

/**
 * Settings that a declaration may leave out, by the kind of store, and the places where each is looked for. What holds for
 * one kind of store says nothing about another's buckets.
 * Source for the AWS names: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
const settingPlaces: Readonly<Record<string, Readonly<Record<keyof StoreSettings, SettingPlaces>>>> = {
    oss: {
        region: { key: "region", variables: ["OSS_REGION"] },
        endpoint: { key: "endpoint", variables: ["OSS_ENDPOINT"] },
    },
    s3: {
        region: { key: "s3Region", variables: ["AWS_REGION", "AWS_DEFAULT_REGION"] },
        endpoint: { key: "s3Endpoint", variables: ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] },
    },
};

/** What stack configuration (`bucket-encryption:<name>`) and, behind it, the environment say for buckets of a kind of store. */
export function readStackSettings(
    configuration: StackConfiguration,
    environment: NodeJS.ProcessEnv,
    store = "oss",
): StoreSettings {
    const settings = Object.entries(settingPlaces[store] ?? {}).flatMap(([name, { key, variables }]) => {
        const source = `bucket-encryption:${key}`;
        const configured = configuration.get(source);
        if (typeof configured === "string" && configured !== "") {
            return [[name, { value: configured, source: `stack configuration ${source}` }]];
        }
        const variable = variables.find((candidate) => environment[candidate]);
        if (variable === undefined) return [];
        return [[name, { value: environment[variable], source: `environment variable ${variable}` }]];
    });
    return Object.fromEntries(settings);
}

/**
 * Where KMS is asked for a key: where configuration or environment say it, or else at the region's own endpoint. Not at the
 * latter for buckets behind an endpoint that isn't Alibaba Cloud's, unless the declaration asks for it: whoever names such an
 * endpoint (a local cloud, a proxy) can't be taken to reach KMS on the internet.
 * Source: https://help.aliyun.com/en/kms/key-management-service/developer-reference/regions-and-endpoints
 */
export function kmsEndpoint(
    configuration: StackConfiguration,
    environment: NodeJS.ProcessEnv,
    { region, endpoint = "", isAskedFor }: Omit<KeyRequest, "name">,
): string | undefined {
    const configured = configuration.get("bucket-encryption:kmsEndpoint") || environment.ALIBABA_CLOUD_KMS_ENDPOINT;
    if (typeof configured === "string" && configured !== "") {
        return configured.includes("://") ? configured : `https://${configured}`;
    }
    const isOfAlibabaCloud = endpoint === "" || /\.aliyuncs\.com\/?$/.test(endpoint);
    if (region === undefined || !(isAskedFor || isOfAlibabaCloud)) return undefined;
    return /-internal\.aliyuncs\.com\/?$/.test(endpoint)
        ? `https://kms-vpc.${region}.aliyuncs.com`
        : `https://kms.${region}.aliyuncs.com`;
}

/** Keys of the stack's configuration that choose the credentials. */
const credentialNames = ["accessKeyId", "accessKeySecret", "securityToken", "profile"] as const;

/** Those of them that must be secrets of the stack, or the engine would keep them in the clear. */
export const secretCredentialNames = [
    "accessKeySecret",
    "securityToken",
] as const satisfies (typeof credentialNames)[number][];

/** What stack configuration (`bucket-encryption:<name>`) says about credentials. The environment is the credential chain's. */
export function readCredentialConfiguration(configuration: StackConfiguration): CredentialConfiguration {
    const values = credentialNames.flatMap((name) => {
        const value = configuration.get(`bucket-encryption:${name}`);
        return typeof value === "string" && value !== "" ? [[name, value]] : [];
    });
    return Object.fromEntries(values);
}

/** What stack configuration says of S3's services beside a declaration. Credentials are the AWS SDK's own chain's. */
export interface S3Configuration {
    /** A profile of the shared AWS files. */
    readonly profile?: string;
    /** Whether the stack vouches that all its services, asked to remove a rule, remove nothing else. */
    readonly deletionIsSafe: boolean;
}

/** @throws UserError of kind `invalid-target` when the configuration can't be right */
export function readS3Configuration(configuration: StackConfiguration): S3Configuration {
    const profile = configuration.get("bucket-encryption:s3Profile");
    const vouched = configuration.get("bucket-encryption:s3DeletionIsSafe") ?? "false";
    if (!["true", "false", true, false].includes(vouched as string | boolean)) {
        const what = `The stack's configuration bucket-encryption:s3DeletionIsSafe must be true or false, not ${JSON.stringify(vouched)}`;
        throw new UserError("invalid-target", what);
    }
    return {
        ...(typeof profile === "string" && profile !== "" ? { profile } : {}),
        deletionIsSafe: String(vouched) === "true",
    };
}
