import type { AccountAccess } from "./account-access";
import type { BucketEncryptionResource } from "./bucket-encryption-resource";
import type { BucketEncryptionSetResource } from "./bucket-encryption-set-resource";
import type { ProviderProcess } from "./provider-process";
import type { S3Access } from "./s3-access";
import { settingNamespace } from "./setting";
import type { SettingIssue } from "./setting-issues";
import type { StackConfiguration } from "./stack-settings";

export type { AccountAccess, DeclaredAccount } from "./account-access";
export type { BucketEncryptionResource, CheckAnswer, ReadAnswer } from "./bucket-encryption-resource";
export type { BucketEncryptionSetResource } from "./bucket-encryption-set-resource";
export type { ProviderProcess } from "./provider-process";
export type { S3Access } from "./s3-access";
export { type Setting, type SettingType, settingNamespace, settings } from "./setting";
export type { SettingIssue } from "./setting-issues";
export {
    kmsEndpoint,
    readS3Configuration,
    readStackSettings,
    type StackConfiguration,
    secretCredentialNames,
} from "./stack-settings";

// Programs import this room for its settings. So what makes requests is loaded on first use.

/** @param cancelled aborted, with the reason, when the engine cancels the operation */
export function newProviderProcess(cancelled: AbortSignal): ProviderProcess {
    const { ProviderProcess: Process }: typeof import("./provider-process") = require("./provider-process");
    return new Process(cancelled);
}

/** The operations on single buckets in a provider process. */
export function newResource(process: ProviderProcess): BucketEncryptionResource {
    const { BucketEncryptionResource: Resource }: typeof import("./bucket-encryption-resource") =
        require("./bucket-encryption-resource");
    return new Resource(process);
}

/** The operations on sets in a provider process. */
export function newSetResource(process: ProviderProcess): BucketEncryptionSetResource {
    const { BucketEncryptionSetResource: Resource }: typeof import("./bucket-encryption-set-resource") =
        require("./bucket-encryption-set-resource");
    return new Resource(process);
}

/** What reaches buckets without a provider process, for a program that lists them. */
export function newAccess(configuration: StackConfiguration): {
    readonly access: AccountAccess;
    readonly s3: S3Access;
} {
    const { AccountAccess: Access }: typeof import("./account-access") = require("./account-access");
    const { S3Access: AccessToS3 }: typeof import("./s3-access") = require("./s3-access");
    return { access: new Access(configuration, process.env), s3: new AccessToS3(configuration) };
}

/**
 * Everything that is wrong with the settings in a stack's configuration. Makes no request.
 * @param configuration values by their whole keys (`<namespace>:<name>`); a symbol is a value that isn't known, and is no fault
 * @param project the project's name: one that is called like this package owns keys in its namespace too
 */
export function settingIssues(configuration: Readonly<Record<string, unknown>>, project: string): SettingIssue[] {
    if (!Object.keys(configuration).some((key) => key.startsWith(`${settingNamespace}:`))) return [];
    const { settingIssues: issues }: typeof import("./setting-issues") = require("./setting-issues");
    return issues(configuration, project);
}
