import type { AccountAccess } from "./account-access";
import type { ProviderProcess } from "./provider-process";
import type { S3Access } from "./s3-access";
import type { StackConfiguration } from "./stack-settings";

export type { AccountAccess, DeclaredAccount } from "./account-access";
export type { ProviderProcess } from "./provider-process";
export type { S3Access } from "./s3-access";
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

/** What reaches buckets without a provider process, for a program that lists them. */
export function newAccess(configuration: StackConfiguration): {
    readonly access: AccountAccess;
    readonly s3: S3Access;
} {
    const { AccountAccess: Access }: typeof import("./account-access") = require("./account-access");
    const { S3Access: AccessToS3 }: typeof import("./s3-access") = require("./s3-access");
    return { access: new Access(configuration, process.env), s3: new AccessToS3(configuration) };
}
