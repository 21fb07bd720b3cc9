import type { IncomingHttpHeaders } from "node:http";
import type { ObservedRule } from "../../rule";
import { encryptProofObject } from "../shared/proof-object";
import { ruleOfFields } from "./encryption-document";
import { proofOperations } from "./oss-operations";
import type { OssRequests } from "./oss-requests";
import { DocumentFault } from "./xml-document";

/**
 * Proves with an object how a bucket's objects are encrypted, see `encryptProofObject`.
 * Source: https://help.aliyun.com/en/oss/developer-reference/putobject, and the pages getobject and deleteobject beside it
 * @param hidden what no message shows
 * @throws OssServiceError
 */
export function encryptProof(
    requests: OssRequests,
    bucket: string,
    hidden: readonly string[],
): Promise<ObservedRule | undefined> {
    const { write, read, remove } = proofOperations;
    return encryptProofObject({
        write: (object) =>
            requests.make({
                operation: write,
                bucket,
                object,
                hidden,
                body: object,
                understand: (_, headers) => text(headers, "x-oss-version-id"),
            }),
        read: (object) =>
            requests.make({
                operation: read,
                bucket,
                object,
                hidden,
                understand: (body, headers) => {
                    if (body.toString() === object) return ruleOfFields((field) => text(headers, headerOf[field]));
                    throw new DocumentFault("it is not the object that was just written");
                },
            }),
        remove: (object, version) =>
            requests.make({
                // An object that cannot be deleted stays, so the message names it.
                operation: { ...remove, aim: `${remove.aim} (${object})` },
                bucket,
                object,
                hidden,
                ...(version !== undefined && { query: { versionId: version } }),
                understand: () => {},
            }),
    });
}

/** The headers of an object with the fields of its encryption. */
const headerOf = {
    SSEAlgorithm: "x-oss-server-side-encryption",
    KMSMasterKeyID: "x-oss-server-side-encryption-key-id",
    KMSDataEncryption: "x-oss-server-side-data-encryption",
} as const;

function text(headers: IncomingHttpHeaders, name: string): string | undefined {
    const value = headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
}
