import type { StoreSettings } from "../declaration";
import type { StoreFamily } from "../stores";
import { settingNamespace, settingTable } from "./setting";
import { settingValue } from "./setting-value";

/** The stack's configuration, as an engine hands it over. */
export interface StackConfiguration {
    /** @param key the whole key, `<namespace>:<name>` */
    get(key: string): unknown;
    /** All whole keys, if the engine provides them. */
    readonly keys?: () => readonly string[];
    /** How messages call it, for instance `stack configuration`, which is the default. */
    readonly title?: string;
    /** The project's name, if the engine provides it. */
    readonly project?: string | undefined;
}

/** A setting's decoded value; `undefined` if the setting is absent or empty. */
export function readSetting(configuration: StackConfiguration, name: string): unknown {
    const setting = settingTable().find((row) => row.name === name);
    if (setting === undefined) throw new TypeError(`There is no setting ${name}`);
    return settingValue(setting, configuration.get(`${settingNamespace}:${name}`));
}

/** As `readSetting`, of a setting whose value is a text. A value of another type is an issue of `settingIssues`. */
export function readText(configuration: StackConfiguration, name: string): string | undefined {
    const value = readSetting(configuration, name);
    return typeof value === "string" ? value : undefined;
}

/** As `readSetting`, of a list of ids. */
export function readIds(configuration: StackConfiguration, name: string): readonly string[] | undefined {
    const value = readSetting(configuration, name);
    return Array.isArray(value) ? value.filter((id): id is string => typeof id === "string") : undefined;
}

/** The defaults for a family's buckets: from the configuration, then from the environment. */
export function readStoreSettings(
    configuration: StackConfiguration,
    environment: NodeJS.ProcessEnv,
    { settings }: Pick<StoreFamily, "settings">,
): StoreSettings {
    const found = settings.flatMap(({ name, argument, variables = [] }) => {
        if (argument === undefined) return [];
        const configured = readText(configuration, name);
        if (configured !== undefined) {
            const source = `${configuration.title ?? "stack configuration"} ${settingNamespace}:${name}`;
            return [[argument, { value: configured, source }]];
        }
        const variable = variables.find((candidate) => environment[candidate]);
        if (variable === undefined) return [];
        return [[argument, { value: environment[variable], source: `environment variable ${variable}` }]];
    });
    return Object.fromEntries(found);
}
