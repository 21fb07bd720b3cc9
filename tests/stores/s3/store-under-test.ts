import { expect } from "chai";
import type { StorePlace } from "../../../lib/stores";
import type { S3Account } from "../../../lib/stores/s3/s3-client";
import { S3EncryptionStore } from "../../../lib/stores/s3/s3-encryption-store";
import { S3ServiceError } from "../../../lib/stores/s3/s3-service-error";
import { resolveS3Target } from "../../../lib/stores/s3/s3-target";
import type { RequestLimits } from "../../../lib/stores/shared/request-limits";

export const testKeys = {
    accessKeyId: "distinctive-key-id",
    secretAccessKey: "distinctive-secret-access-key",
    sessionToken: "distinctive-session-token",
};

export function storeAt(
    declared: StorePlace = {},
    account: S3Account = {},
    limits: Partial<RequestLimits> = {},
): S3EncryptionStore {
    return new S3EncryptionStore({
        target: { region: "eu-central-1", ...withoutUndefined(resolveS3Target(declared)) } as never,
        account: { credentials: async () => testKeys, ...account },
        limits,
    });
}

function withoutUndefined(target: object): object {
    return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined));
}

/** The error that an operation fails with, which has to be the adapter's own and free of secrets. */
export async function failureOf(operation: Promise<unknown>): Promise<S3ServiceError> {
    const error = await operation.then(
        () => expect.fail("the operation should have failed"),
        (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(S3ServiceError);
    for (const secret of Object.values(testKeys)) {
        expect(`${(error as Error).message} ${JSON.stringify(error)}`).not.to.include(secret);
    }
    return error as S3ServiceError;
}

/** What the SDK throws when a service answers with an error. */
export function sdkError(status: number, code: string, more: object = {}): Error {
    const $metadata = { httpStatusCode: status, requestId: "REQUEST1", extendedRequestId: "EXTENDED1=", attempts: 1 };
    return Object.assign(new Error(`Said about ${code}.`), { name: code, Code: code, $metadata, ...more });
}
