import { type Account, type AccountIssue, accountIssues, accountListIssues } from "../accounts";
import { type SettingType, settingNamespace } from "./setting";
import { settingValue } from "./setting-value";
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
    const value = (name: string, type: SettingType) =>
        settingValue({ type }, configuration.get(`${settingNamespace}:${name}`));
    const account = value("account", "account");
    const allowed = value("allowedAccountIds", "account ids") as readonly unknown[] | undefined;
    const forbidden = value("forbiddenAccountIds", "account ids") as readonly unknown[] | undefined;
    const stsEndpoint = value("stsEndpoint", "text");
    const issues = [
        ...accountIssues(account, "bucket-encryption:account"),
        ...(allowed === undefined ? [] : accountListIssues(allowed, "bucket-encryption:allowedAccountIds")),
        ...(forbidden === undefined ? [] : accountListIssues(forbidden, "bucket-encryption:forbiddenAccountIds")),
    ];
    return {
        ...(account !== undefined && { account: account as Account }),
        ...(allowed !== undefined && { allowed: allowed as readonly string[] }),
        ...(forbidden !== undefined && { forbidden: forbidden as readonly string[] }),
        ...(typeof stsEndpoint === "string" && { stsEndpoint }),
        issues,
    };
}
