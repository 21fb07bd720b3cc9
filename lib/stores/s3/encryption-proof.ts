import type { ObservedRule } from "../../rule";
import { encryptProofObject } from "../shared/proof-object";
import { algorithmOf } from "./encryption-configuration";
import { s3Library } from "./s3-library";
import type { S3Requests } from "./s3-requests";

/**
 * Proves with an object how a bucket's objects are encrypted, see `encryptProofObject`.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, and the pages of GetObject and DeleteObject
 * @param hidden what no message shows
 * @throws S3ServiceError
 */
export function encryptProof(
    requests: S3Requests,
    bucket: string,
    hidden: readonly string[],
): Promise<ObservedRule | undefined> {
    const { PutObjectCommand, GetObjectCommand, DeleteObjectCommand } = s3Library();
    const at = (object: string) => ({ ...requests.addressed(bucket), Key: object });
    return encryptProofObject({
        write: (object) =>
            requests.make({ operation: "putProof", bucket, object, hidden }, async (client, options) => {
                const command = new PutObjectCommand({ ...at(object), Body: object });
                const { VersionId } = await client.send(command, options);
                return VersionId;
            }),
        read: (object) =>
            requests.make({ operation: "getProof", bucket, object, hidden }, async (client, options) => {
                const answer = await client.send(new GetObjectCommand(at(object)), options);
                await answer.Body?.transformToByteArray();
                const { ServerSideEncryption, SSEKMSKeyId } = answer;
                if (ServerSideEncryption === undefined) return undefined;
                const sseAlgorithm = algorithmOf(ServerSideEncryption);
                return SSEKMSKeyId === undefined ? { sseAlgorithm } : { sseAlgorithm, kmsMasterKeyId: SSEKMSKeyId };
            }),
        remove: (object, version) =>
            requests.make({ operation: "deleteProof", bucket, object, hidden }, async (client, options) => {
                const ofVersion = version === undefined ? {} : { VersionId: version };
                await client.send(new DeleteObjectCommand({ ...at(object), ...ofVersion }), options);
            }),
    });
}
