import type { CredentialConfiguration } from "../accounts";
import type { StoreSettings } from "../lifecycle";

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
