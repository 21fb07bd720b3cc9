import { distance } from "fastest-levenshtein";
import { accountIssues, accountListIssues } from "../accounts";
import { UserError } from "../errors";
import { nearestSpelling } from "../rule";
import { defaultStoreFamily, type StoreSetting, storeFamilies } from "../stores";
import { settingNamespace, settingTable } from "./setting";
import { settingValue } from "./setting-value";
import type { StackConfiguration } from "./stack-configuration";

/** One thing that is wrong with the settings of a stack. */
export interface SettingIssue {
    /** The key of the configuration, for instance `bucket-encryption:account`. */
    readonly key: string;
    /** The wrong part of the value, for instance `bucket-encryption:account.roleArn`; otherwise the key. */
    readonly path: string;
    /** What is wrong, to be read behind the path. Shows no value of an unknown key. */
    readonly message: string;
}

const prefix = `${settingNamespace}:`;

/**
 * All faults of the settings in a stack's configuration. Makes no request.
 * @param configuration values by their whole keys (`<namespace>:<name>`); a symbol is a value that is not known, and is no fault
 * @param project the project's name: a project with this package's name owns keys in its namespace too
 */
export function settingIssues(configuration: Readonly<Record<string, unknown>>, project: string): SettingIssue[] {
    return Object.entries(configuration)
        .filter(([key]) => key.startsWith(prefix))
        .flatMap(([key, value]) => {
            const name = key.slice(prefix.length);
            const setting = settingTable().find((row) => row.name === name);
            if (setting !== undefined) return typeof value === "symbol" ? [] : valueIssues(key, setting, value);
            const message = project === settingNamespace ? ownKeyFault(name) : unknownKeyFault(name);
            return message === undefined ? [] : [{ key, path: key, message }];
        });
}

/** As `settingIssues`, of the configuration that an engine hands over. If it does not list its keys, only values are judged. */
export function issuesOfStack({ get, keys, project = "" }: StackConfiguration): SettingIssue[] {
    const present = keys?.() ?? settingTable().map(({ name }) => `${prefix}${name}`);
    return settingIssues(Object.fromEntries(present.map((key) => [key, get(key)])), project);
}

/** @throws UserError of kind `invalid-settings`, which names every issue */
export function refuseSettings(issues: readonly SettingIssue[]): void {
    if (issues.length === 0) return;
    const faults = issues.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new UserError("invalid-settings", `The stack's configuration cannot be used: ${faults}`);
}

function valueIssues(key: string, setting: StoreSetting, raw: unknown): SettingIssue[] {
    const issue = (message: string): SettingIssue[] => [{ key, path: key, message }];
    // As a variable leaves it that is not set. Without a word, the stack would have no guard.
    if (raw === "" && isStructured(setting))
        return issue("is empty, and guards nothing; give it a value, or remove it");
    const value = settingValue(setting, raw);
    if (value === undefined) return [];
    switch (setting.type) {
        case "text":
            return typeof value === "string" ? [] : issue(`must be a text, not ${kindOf(value)}`);
        case "boolean":
            return typeof value === "boolean" ? [] : issue(`must be true or false, not ${kindOf(value)}`);
        case "account":
            return accountIssues(value, familyWith(setting).account, key).map(({ path, message }) => ({
                key,
                path,
                message,
            }));
        default: {
            const terms = Object.values(storeFamilies).map(({ account }) => account);
            return accountListIssues(value as unknown[], terms, key).map(({ path, message }) => ({
                key,
                path,
                message,
            }));
        }
    }
}

/** A key with a dot or a bracket is one key of that name: only with `--path` does it mean a part of another. */
function unknownKeyFault(name: string): string {
    const { base, rest } = partsOf(name);
    const settings = settingTable();
    const names = settings.map((row) => row.name);
    const nearest = nearestSpelling(base, names);
    const meant = settings.find((row) => row.name === nearest);
    if (meant === undefined) return `is not a setting of this package; its settings are ${names.join(", ")}`;
    if (rest === "") return `is not a setting; did you mean ${prefix}${meant.name}?`;
    if (!isStructured(meant)) return `is not a setting; did you mean ${prefix}${meant.name}, which has no parts?`;
    return `is one key with this name, and not a part of ${prefix}${meant.name}; remove it and run \`pulumi config set --path '${prefix}${meant.name}${rest}' VALUE\` (with --config, add --config-path)`;
}

/**
 * In a project with this package's name, other keys are the program's own. But a key that resembles a setting is refused:
 * if it is meant as one, a guard would be missing.
 */
function ownKeyFault(name: string): string | undefined {
    const { base, rest } = partsOf(name);
    const looksLike = settingTable().find((row) => isLikelyTypo(base, row.name) && (rest === "" || isStructured(row)));
    if (looksLike === undefined) return undefined;
    const fault = unknownKeyFault(name);
    const end = fault.endsWith("?") ? "" : ".";
    return `${fault}${end} The project is called ${settingNamespace} too: if its program reads this key, read it from another namespace, for instance new pulumi.Config("my-program")`;
}

/** Equal but for case and separators, for the order of letters, or for one letter (three in a long name). */
function isLikelyTypo(found: string, name: string): boolean {
    const withoutSeparators = (word: string) => word.replaceAll(/[_-]/g, "").toLowerCase();
    const letters = (word: string) => [...withoutSeparators(word)].sort().join("");
    return (
        distance(withoutSeparators(found), withoutSeparators(name)) <= (name.length < 8 ? 1 : 3) ||
        letters(found) === letters(name)
    );
}

function partsOf(name: string): { readonly base: string; readonly rest: string } {
    const end = name.search(/[.[]/);
    return end < 0 ? { base: name, rest: "" } : { base: name.slice(0, end), rest: name.slice(end) };
}

function familyWith(setting: StoreSetting) {
    return Object.values(storeFamilies).find(({ settings }) => settings.includes(setting)) ?? defaultStoreFamily;
}

function isStructured({ type }: StoreSetting): boolean {
    return type === "account" || type === "account ids";
}

function kindOf(value: unknown): string {
    if (Array.isArray(value)) return "a list";
    return typeof value === "object" ? "an object" : JSON.stringify(value).slice(0, 40);
}
