import type { CredentialConfiguration } from "../accounts";
import type { KeyRequest, StoreSettings } from "../lifecycle";

/** The stack's configuration, as the dynamic provider host hands it over. */
export interface StackConfiguration {
    get(key: string): unknown;
}

/** Settings that a declaration may leave out, by the place where each is looked for after the stack's configuration. */
const environmentNames = { region: "OSS_REGION", endpoint: "OSS_ENDPOINT" } as const;

/** What stack configuration (`bucket-encryption:<name>`) and, behind it, the environment say. */
export function readStackSettings(configuration: StackConfiguration, environment: NodeJS.ProcessEnv): StoreSettings {
    const settings = Object.entries(environmentNames).flatMap(([name, variable]) => {
        const key = `bucket-encryption:${name}`;
        const configured = configuration.get(key);
        if (typeof configured === "string" && configured !== "") {
            return [[name, { value: configured, source: `stack configuration ${key}` }]];
        }
        const value = environment[variable];
        return value ? [[name, { value, source: `environment variable ${variable}` }]] : [];
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
