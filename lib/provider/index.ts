import { defaultStoreFamily, storeFamilies } from "../stores";
import type { BucketAccess } from "./bucket-access";
import type { BucketEncryptionResource } from "./bucket-encryption-resource";
import type { ObjectAccess } from "./object-access";
import type { ProviderProcess } from "./provider-process";
import type { ResourceOperations } from "./resource-operations";
import { settingNamespace } from "./setting";
import type { SettingIssue } from "./setting-issues";
import type { StackConfiguration } from "./stack-configuration";

export type { BucketAccess, BucketLister } from "./bucket-access";
export type { BucketEncryptionResource } from "./bucket-encryption-resource";
export { cancellation } from "./cancellation";
export type { ObjectAccess } from "./object-access";
export { isPreview, listerOf, listerProperty, previewProperty, withoutMarks } from "./program-marks";
export type { ProviderProcess } from "./provider-process";
export type { CheckAnswer, ReadAnswer, ResourceOperations } from "./resource-operations";
export { secretSettingNames, settingNamespace, settingTable } from "./setting";
export type { SettingIssue } from "./setting-issues";
export type { StackConfiguration } from "./stack-configuration";

// Programs import this room for its settings. So what makes requests is loaded on first use.

/** How an engine started this provider process. */
export interface ProviderProcessOptions {
    /** Aborted, with the reason, when the engine cancels the operation. */
    readonly cancelled: AbortSignal;
    /**
     * The address of the engine's services, which an engine gives to every provider process of an operation, and to no process of
     * another. Absent where no engine started the process, so that no other process can declare buckets of the same operation.
     */
    readonly engineAddress?: string | undefined;
    /** Aborted when the provider has ended, where its process continues. */
    readonly ended?: AbortSignal | undefined;
    /** Sends the user a notice. Default: prints it. */
    readonly notice?: (text: string) => void;
}

export function newProviderProcess({
    cancelled,
    engineAddress,
    ended,
    notice,
}: ProviderProcessOptions): ProviderProcess {
    const { ProviderProcess: Process }: typeof import("./provider-process") = require("./provider-process");
    if (engineAddress === undefined) return new Process(cancelled, undefined, notice);
    const { OperationFolder: Folder }: typeof import("./operation-folder") = require("./operation-folder");
    return new Process(cancelled, new Folder(engineAddress, ended), notice);
}

/** The operations on single buckets in a provider process. */
export function newResource(process: ProviderProcess): BucketEncryptionResource {
    const { BucketEncryptionResource: Resource }: typeof import("./bucket-encryption-resource") =
        require("./bucket-encryption-resource");
    return new Resource(process);
}

/** The operations on sets in a provider process. */
export function newSetResource(process: ProviderProcess): ResourceOperations {
    const { BucketEncryptionSetResource: Resource }: typeof import("./bucket-encryption-set-resource") =
        require("./bucket-encryption-set-resource");
    return new Resource(process);
}

/** The names that `store` can have; the first is the default. */
export function storeNames(): readonly [string, ...string[]] {
    const others = Object.keys(storeFamilies).filter((name) => name !== defaultStoreFamily.name);
    return [defaultStoreFamily.name, ...others];
}

/** Reaches buckets without a provider process, for programs and commands that list them. */
export function newBucketAccess(configuration: StackConfiguration, environment = process.env): BucketAccess {
    const { BucketAccess: Access }: typeof import("./bucket-access") = require("./bucket-access");
    return new Access({ configuration, environment });
}

/** Objects of a store's buckets, reached as the environment says. @param store the name of a family */
export function objectAccess(store: string, environment: NodeJS.ProcessEnv): ObjectAccess {
    const { newObjectAccess }: typeof import("./object-access") = require("./object-access");
    return newObjectAccess(store, environment);
}

/**
 * All faults of the settings in a stack's configuration. Makes no request.
 * @param configuration values by their whole keys (`<namespace>:<name>`); a symbol is a value that is not known, and is no fault
 * @param project the project's name: a project with this package's name owns keys in its namespace too
 */
export function settingIssues(configuration: Readonly<Record<string, unknown>>, project: string): SettingIssue[] {
    if (!Object.keys(configuration).some((key) => key.startsWith(`${settingNamespace}:`))) return [];
    const { settingIssues: issues }: typeof import("./setting-issues") = require("./setting-issues");
    return issues(configuration, project);
}

/** Settings by their names, with decoded values; absent and empty ones are omitted. Other names are unchanged. */
export function canonicalSettings(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const { canonicalSettings: canonical }: typeof import("./setting-value") = require("./setting-value");
    return canonical(raw);
}

/** @throws UserError of kind `invalid-settings`, which names every issue */
export function refuseSettings(issues: readonly SettingIssue[]): void {
    if (issues.length === 0) return;
    const { refuseSettings: refuse }: typeof import("./setting-issues") = require("./setting-issues");
    refuse(issues);
}
