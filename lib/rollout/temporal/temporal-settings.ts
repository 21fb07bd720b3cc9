import { UserError } from "../../errors";
import { type TemporalEnvironment, temporalPackage } from "./temporal-packages";

/** How Temporal is reached, from its own variables and profiles. */
export interface TemporalSettings {
    readonly address: string;
    readonly namespace: string;
    /** Address, TLS and API key, as both of the SDK's connections take them. */
    readonly connectionOptions: ReturnType<TemporalEnvironment["loadClientConnectConfig"]>["connectionOptions"];
    /** The environment's variables with the key of the profile, which messages must not contain. */
    readonly secrets: NodeJS.ProcessEnv;
}

const defaultNamespace = "default";

/**
 * Reads `TEMPORAL_ADDRESS` and its siblings, or the profile that `TEMPORAL_PROFILE` names in `temporal.toml`.
 * Source: https://docs.temporal.io/references/client-environment-configuration
 * @throws UserError `invalid-temporal-settings`, also when nothing names an address; `missing-package`
 */
export function temporalSettings(purpose: "client" | "worker", environment: NodeJS.ProcessEnv): TemporalSettings {
    const { loadClientConnectConfig } = temporalPackage("@temporalio/envconfig", purpose);
    const variables = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
    let loaded: ReturnType<TemporalEnvironment["loadClientConnectConfig"]>;
    try {
        loaded = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(variables) });
    } catch (cause) {
        const what = `Temporal's settings cannot be read: ${(cause as Error).message.replace(/\.$/, "")}`;
        throw new UserError("invalid-temporal-settings", what, {}, { cause });
    }
    const { connectionOptions, namespace = defaultNamespace } = loaded;
    const { address, apiKey } = connectionOptions;
    // The SDK would take this machine's port 7233.
    if (address === undefined || address === "")
        throw new UserError("invalid-temporal-settings", "Nothing names the address of the Temporal server");
    const secrets = { ...environment, ...(typeof apiKey === "string" && { TEMPORAL_API_KEY: apiKey }) };
    return { address, namespace, connectionOptions, secrets };
}

/** The task queue of a rollout file: workers with another file get none of its stacks. */
export const taskQueueOf = ({ digest }: { readonly digest: string }): string =>
    `bucket-encryption/${digest.slice(0, 16)}`;

/** @param place the name of the rollout, which people see in Temporal */
export const workflowIdOf = (name: string, plan: string): string => `rollout/${name}/${plan.slice(0, 16)}`;
