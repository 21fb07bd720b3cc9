import { type Account, type AccountIssue, accountIssues, accountListIssues } from "../accounts";
import type { StackConfiguration } from "./stack-settings";

/** What a stack's configuration says of accounts. */
export interface AccountSettings {
    /** For resources that name no account themselves. */
    readonly account?: Account;
    readonly allowed?: readonly string[];
    readonly forbidden?: readonly string[];
    readonly stsEndpoint?: string;
    /** All faults of these settings, at the keys of the configuration. */
    readonly issues: readonly AccountIssue[];
}

/** Reads `bucket-encryption:account`, `allowedAccountIds`, `forbiddenAccountIds` and `stsEndpoint`. */
export function readAccountSettings(configuration: StackConfiguration): AccountSettings {
    const value = (name: string) => configured(configuration, `bucket-encryption:${name}`);
    const account = value("account");
    const allowed = listOf(value("allowedAccountIds"));
    const forbidden = listOf(value("forbiddenAccountIds"));
    const stsEndpoint = value("stsEndpoint");
    const issues = [
        ...accountIssues(account, "bucket-encryption:account"),
        ...(allowed === undefined ? [] : accountListIssues(allowed, "bucket-encryption:allowedAccountIds")),
        ...(forbidden === undefined ? [] : accountListIssues(forbidden, "bucket-encryption:forbiddenAccountIds")),
    ];
    return {
        ...(account !== undefined && { account: account as Account }),
        ...(allowed !== undefined && { allowed: allowed as string[] }),
        ...(forbidden !== undefined && { forbidden: forbidden as string[] }),
        ...(typeof stsEndpoint === "string" && { stsEndpoint }),
        issues,
    };
}

/** A value as it was set: objects and lists come as JSON. */
function configured(configuration: StackConfiguration, key: string): unknown {
    const value = configuration.get(key);
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}

/** Ids as a list, or as one text with commas, which is how people set a list without `--path`. */
function listOf(value: unknown): readonly unknown[] | undefined {
    if (value === undefined || Array.isArray(value)) return value;
    return typeof value === "string" || typeof value === "number" ? String(value).split(/[\s,]+/) : [value];
}
