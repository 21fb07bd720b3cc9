import { expect } from "chai";
import { type Credentials, staticCredentials } from "../../../lib/accounts";
import { OssEncryptionStore } from "../../../lib/stores/oss/oss-encryption-store";
import type { OssLimits } from "../../../lib/stores/oss/oss-limits";
import { OssServiceError } from "../../../lib/stores/oss/oss-service-error";
import { resolveOssTarget } from "../../../lib/stores/oss/oss-target";
import type { ScriptedServer } from "./scripted-server";

export const testCredentials: Credentials = {
    accessKeyId: "distinctive-key-id",
    accessKeySecret: "distinctive-key-secret",
    securityToken: "distinctive-security-token",
};

/** The retries of the real limits without their waits. */
export const quickLimits: Partial<OssLimits> = { firstDelayMilliseconds: 1, longestDelayMilliseconds: 2 };

export function storeAt(
    { endpoint }: Pick<ScriptedServer, "endpoint">,
    options: { limits?: Partial<OssLimits>; clock?: () => Date; credentials?: Credentials } = {},
): OssEncryptionStore {
    return new OssEncryptionStore({
        target: resolveOssTarget({ region: "cn-hangzhou", endpoint }),
        credentials: staticCredentials(options.credentials ?? testCredentials),
        limits: { ...quickLimits, ...options.limits },
        ...(options.clock === undefined ? {} : { clock: options.clock }),
    });
}

/** The error that an operation fails with, which has to be the adapter's own and free of secrets. */
export async function failureOf(operation: Promise<unknown>): Promise<OssServiceError> {
    const error = await operation.then(
        () => expect.fail("the operation should have failed"),
        (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(OssServiceError);
    expectNoSecret(error);
    return error as OssServiceError;
}

/** Nothing that can be printed of an error, its own properties and its cause included, holds a credential. */
export function expectNoSecret(error: unknown, credentials: Credentials = testCredentials): void {
    const shown: string[] = [];
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
        shown.push(String(at), at.stack ?? "", JSON.stringify(at, Object.getOwnPropertyNames(at)));
    }
    for (const secret of Object.values(credentials)) expect(shown.join("\n")).not.to.include(secret);
}
