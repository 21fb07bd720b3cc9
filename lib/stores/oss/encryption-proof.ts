import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { ObservedRule } from "../../rule";
import { proofOperations } from "./oss-operations";
import type { OssRequests } from "./oss-requests";
import { OssServiceError } from "./oss-service-error";
import { DocumentFault } from "./xml-document";

/**
 * Writes, reads back and deletes an object, and tells how the service encrypted it; `undefined` when it didn't. The object is
 * `.bucket-encryption-proof/<random UUID>`, so it is nobody's but this call's. Where the bucket keeps versions, the
 * version that was written is deleted, not covered by a marker.
 * Source: https://help.aliyun.com/en/oss/developer-reference/putobject, and the pages getobject and deleteobject beside it
 * @throws OssServiceError of the first of the three that fails
 */
export async function encryptProof(requests: OssRequests, bucket: string): Promise<ObservedRule | undefined> {
    const object = `.bucket-encryption-proof/${randomUUID()}`;
    const place = { bucket, object };
    const { write, read } = proofOperations;
    // One that can't be deleted stays, so it has to be named.
    const remove = { ...proofOperations.remove, aim: `${proofOperations.remove.aim} (${object})` };
    const deleteObject = (query: Readonly<Record<string, string>>): Promise<void> =>
        requests.make({ ...place, operation: remove, query, understand: () => {} });

    let version: string | undefined;
    try {
        const understand = (_: Buffer, headers: IncomingHttpHeaders) => text(headers, "x-oss-version-id");
        version = await requests.make({ ...place, operation: write, query: {}, body: object, understand });
    } catch (error) {
        // It may be there all the same. That it can't be deleted then says no more than why it couldn't be written.
        if (error instanceof OssServiceError && error.mayHaveTakenEffect) await deleteObject({}).catch(() => {});
        throw error;
    }
    const understand = (body: Buffer, headers: IncomingHttpHeaders): ObservedRule | undefined => {
        if (body.toString() !== object) throw new DocumentFault("it isn't the object that was just written");
        return encryptionOf(headers);
    };
    const written = version === undefined ? {} : { versionId: version };
    let encryption: ObservedRule | undefined;
    try {
        encryption = await requests.make({ ...place, operation: read, query: {}, understand });
    } catch (error) {
        await deleteObject(written).catch(() => {});
        throw error;
    }
    await deleteObject(written);
    return encryption;
}

/** What the headers of an object say of its encryption. */
function encryptionOf(headers: IncomingHttpHeaders): ObservedRule | undefined {
    const sseAlgorithm = text(headers, "x-oss-server-side-encryption");
    if (sseAlgorithm === undefined) return undefined;
    const kmsMasterKeyId = text(headers, "x-oss-server-side-encryption-key-id");
    const kmsDataEncryption = text(headers, "x-oss-server-side-data-encryption");
    return {
        sseAlgorithm,
        ...(kmsMasterKeyId === undefined ? {} : { kmsMasterKeyId }),
        ...(kmsDataEncryption === undefined ? {} : { kmsDataEncryption }),
    };
}

function text(headers: IncomingHttpHeaders, name: string): string | undefined {
    const value = headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
}
