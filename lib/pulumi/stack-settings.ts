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
