import type { S3Client } from "@aws-sdk/client-s3";
import type { ObservedRule } from "../../rule";
import { encryptProofObject } from "../shared/proof-object";
import { algorithmOf } from "./encryption-configuration";
import type { S3Operation } from "./s3-errors";
import { s3Library } from "./s3-library";

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
 * Proves with an object how a bucket's objects are encrypted, see `encryptProofObject`.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, and the pages of GetObject and DeleteObject
 * @throws S3ServiceError
 */
export function encryptProof(request: ProofRequest): Promise<ObservedRule | undefined> {
    const { PutObjectCommand, GetObjectCommand, DeleteObjectCommand } = s3Library();
    return encryptProofObject({
        write: (object) =>
            request("putProof", object, async (client, input, options) => {
                const { VersionId } = await client.send(new PutObjectCommand({ ...input, Body: object }), options);
                return VersionId;
            }),
        read: (object) =>
            request("getProof", object, async (client, input, options) => {
                const answer = await client.send(new GetObjectCommand(input), options);
                await answer.Body?.transformToByteArray();
                const { ServerSideEncryption, SSEKMSKeyId } = answer;
                if (ServerSideEncryption === undefined) return undefined;
                const sseAlgorithm = algorithmOf(ServerSideEncryption);
                return SSEKMSKeyId === undefined ? { sseAlgorithm } : { sseAlgorithm, kmsMasterKeyId: SSEKMSKeyId };
            }),
        remove: (object, version) =>
            request("deleteProof", object, async (client, input, options) => {
                const ofVersion = version === undefined ? {} : { VersionId: version };
                await client.send(new DeleteObjectCommand({ ...input, ...ofVersion }), options);
            }),
    });
}
