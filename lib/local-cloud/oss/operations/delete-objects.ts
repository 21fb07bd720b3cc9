import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { permissionOn, requireAccess } from "../access";
import { readEncoding } from "../api-values";
import { OssError } from "../errors";
import { isObjectName } from "../names";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readXmlRoot } from "../read-configuration";

const MAX_OBJECTS = 1000;

export const DELETE_OBJECTS_ROUTES: readonly Route[] = [
    {
        operation: "DeleteMultipleObjects",
        method: "POST",
        level: "bucket",
        checksAccess: true,
        selector: { name: "delete", value: "" },
        parameters: ["encoding-type"],
        bodyLimit: 2 * 1024 * 1024,
        handle: deleteObjects,
    },
];

/**
 * documented: DeleteMultipleObjects (doc 31983): 1,000 objects at most, the answer names them unless Quiet is true; what
 * isn't there counts as deleted.
 */
function deleteObjects({ request, body, bucket, state, principal }: BucketCall): OperationResult {
    const { keys, isQuiet } = readDeletion(body);
    const encode = readEncoding(request);
    for (const key of keys) {
        requireAccess(bucket, principal, "write", permissionOn(bucket, key, "oss:DeleteObject"));
    }
    for (const key of keys) {
        state.bucketTable.removeObject(bucket, key);
    }
    return {
        status: 200,
        xml: writeXml("DeleteResult", [
            request.query.has("encoding-type") ? ["EncodingType", "url"] : undefined,
            ...(isQuiet ? [] : keys.map((key): XmlNode => ["Deleted", [["Key", encode(key)]]])),
        ]),
    };
}

function readDeletion(body: Uint8Array): { keys: string[]; isQuiet: boolean } {
    const { children } = readXmlRoot(body, "Delete");
    const keys: string[] = [];
    let isQuiet = false;
    for (const { name, text, children: inner } of children) {
        const [keyElement, ...others] = inner;
        if (name === "Quiet" && inner.length === 0) {
            isQuiet = text === "true";
        } else if (name === "Object" && keyElement?.name === "Key" && others.length === 0) {
            keys.push(keyElement.rawText);
        } else {
            throw new OssError("malformedXml");
        }
    }
    if (keys.length === 0 || keys.length > MAX_OBJECTS || !keys.every((key) => key !== "" && isObjectName(key))) {
        throw new OssError("malformedXml");
    }
    return { keys, isQuiet };
}
