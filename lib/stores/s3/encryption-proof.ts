import { randomUUID } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import type { ObservedRule } from "../../rule";
import { algorithmOf } from "./encryption-configuration";
import type { S3Operation } from "./s3-errors";
import { s3Library } from "./s3-library";
import { S3ServiceError } from "./s3-service-error";

/** Makes a request about an object of the bucket. @throws S3ServiceError */
export type ProofRequest = <T>(
    operation: S3Operation,
    object: string,
    send: (
        client: S3Client,
        input: { readonly Bucket: string; readonly Key: string; readonly ExpectedBucketOwner?: string },
        options: { readonly abortSignal: AbortSignal },
    ) => Promise<T>,
) => Promise<T>;

/**
 * Writes, reads back and deletes an object, and tells how the service encrypted it; `undefined` when it doesn't say that it
 * did. The object is `.bucket-encryption-proof/<random UUID>`. Where the bucket keeps versions, the version that was written is
 * deleted, not covered by a marker.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, and the pages of GetObject and DeleteObject
 * @throws S3ServiceError of the first of the three that fails
 */
export async function encryptProof(request: ProofRequest): Promise<ObservedRule | undefined> {
    const { PutObjectCommand, GetObjectCommand, DeleteObjectCommand } = s3Library();
    const object = `.bucket-encryption-proof/${randomUUID()}`;
    const deleteObject = (version: { readonly VersionId?: string }) =>
        request("deleteProof", object, (client, input, options) =>
            client.send(new DeleteObjectCommand({ ...input, ...version }), options),
        );

    let version: { readonly VersionId?: string };
    try {
        const { VersionId } = await request("putProof", object, (client, input, options) =>
            client.send(new PutObjectCommand({ ...input, Body: object }), options),
        );
        version = VersionId === undefined ? {} : { VersionId };
    } catch (error) {
        // It may be there all the same. That it can't be deleted then says no more than why it couldn't be written.
        if (error instanceof S3ServiceError && error.mayHaveTakenEffect) await deleteObject({}).catch(() => {});
        throw error;
    }
    let encryption: ObservedRule | undefined;
    try {
        encryption = await request("getProof", object, async (client, input, options) => {
            const answer = await client.send(new GetObjectCommand(input), options);
            await answer.Body?.transformToByteArray();
            const { ServerSideEncryption, SSEKMSKeyId } = answer;
            if (ServerSideEncryption === undefined) return undefined;
            const sseAlgorithm = algorithmOf(ServerSideEncryption);
            return SSEKMSKeyId === undefined ? { sseAlgorithm } : { sseAlgorithm, kmsMasterKeyId: SSEKMSKeyId };
        });
    } catch (error) {
        await deleteObject(version).catch(() => {});
        throw error;
    }
    await deleteObject(version);
    return encryption;
}
