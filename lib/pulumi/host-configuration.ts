import type { dynamic } from "@pulumi/pulumi";
import type { StackConfiguration } from "../provider";

/**
 * The stack's configuration as the dynamic provider host has it. The host's object also holds all keys and the project's name, in
 * fields that its type does not show (`Config` in cmd/dynamic-provider, 3.217 to 3.270). Without them, only the values of known
 * settings are judged; unknown keys are then found by the program alone.
 */
export function hostConfiguration(config: dynamic.Config): StackConfiguration {
    const { rawConfig, projectName } = config as { readonly rawConfig?: unknown; readonly projectName?: unknown };
    const get = (key: string) => config.get(key) as unknown;
    if (typeof rawConfig !== "object" || rawConfig === null) return { get };
    return {
        get,
        keys: () => Object.keys(rawConfig),
        project: typeof projectName === "string" ? projectName : undefined,
    };
}
