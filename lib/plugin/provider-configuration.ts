import type { Properties } from "../declaration";
import { UserError } from "../errors";
import {
    canonicalSettings,
    refuseSettings,
    type SettingIssue,
    type StackConfiguration,
    secretSettingNames,
    settingIssues,
    settingNamespace,
} from "../provider";
import type { Secrets } from "./wire-properties";

/** What engines put beside a provider's own arguments. */
const ofEngine = (name: string): boolean => /^(version|pluginDownloadURL|__.*)$/.test(name);

const keyOf = (name: string): string => `${settingNamespace}:${name}`;

/** All faults of a provider's arguments. Their names are those of the stack's configuration without the namespace. */
export function argumentIssues(args: Properties): SettingIssue[] {
    return settingIssues(asConfiguration(args), "");
}

/**
 * The arguments in one form, from programs in every language: programs in Node send structured values as JSON text, others send objects.
 * Another form would be an update of the provider.
 */
export function canonicalArguments(args: Properties): Properties {
    return {
        ...canonicalSettings(ownOf(args)),
        ...Object.fromEntries(Object.entries(args).filter(([name]) => ofEngine(name))),
    };
}

/**
 * The arguments as the configuration that accounts and stores are reached with.
 * @param secrets of the arguments, so that a credential in plain text is refused: the state would hold it in plain text too
 * @throws UserError `open-secret` or `invalid-settings`
 */
export function configurationOf(args: Properties, secrets: Secrets): StackConfiguration {
    for (const name of secretSettingNames()) {
        if (args[name] === undefined || secrets.isUnder(name)) continue;
        throw new UserError("open-secret", `The provider's configuration contains ${keyOf(name)} in plain text`);
    }
    refuseSettings(argumentIssues(args));
    const values = new Map(Object.entries(asConfiguration(args)));
    return {
        // A default provider's arguments are the stack's configuration, those of an instance are in the program.
        title: "provider configuration",
        get: (key) => values.get(key),
        keys: () => [...values.keys()],
    };
}

function ownOf(args: Properties): Properties {
    return Object.fromEntries(Object.entries(args).filter(([name]) => !ofEngine(name)));
}

function asConfiguration(args: Properties): Properties {
    return Object.fromEntries(Object.entries(ownOf(args)).map(([name, value]) => [keyOf(name), value]));
}
