import { nullVersion, versionIdPrefix } from "../../cloud/stored-object";
import type { XmlElement } from "../../xml/xml-reader";
import { writeXml, type XmlNode } from "../../xml/xml-writer";
import { permissionOn, requireAccess } from "../access";
import { readEncoding } from "../api-values";
import { OssError } from "../errors";
import { isObjectName } from "../names";
import { deleteVersion, requireMutable } from "../object-versions";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readXmlRoot } from "../read-configuration";

const maxObjects = 1000;

export const deleteObjectsRoutes: readonly Route[] = [
    {
        operation: "DeleteMultipleObjects",
        method: "POST",
        level: "bucket",
        checksAccess: true,
        selector: "delete",
        parameters: ["encoding-type"],
        bodyLimit: 2 * 1024 * 1024,
        handle: deleteObjects,
    },
];

interface NamedVersion {
    readonly key: string;
    /** "" where the request names none. */
    readonly versionId: string;
}

/**
 * documented: DeleteMultipleObjects (doc 31983): 1,000 objects at most; the answer names them unless Quiet is true; a
 * missing object counts as deleted.
 */
function deleteObjects(call: BucketCall): OperationResult {
    const { request, bucket, principal } = call;
    const { named, isQuiet } = readDeletion(call.body);
    const encode = readEncoding(request);
    for (const { key, versionId } of named) {
        const actions = ["oss:DeleteObject", ...(versionId === "" ? [] : ["oss:DeleteObjectVersion"])];
        for (const action of actions) {
            requireAccess(bucket, principal, "write", permissionOn(bucket, key, action));
        }
        const version = bucket.objects
            .get(key)
            ?.find((candidate) => candidate.versionId === (versionId || nullVersion));
        if (versionId !== "" || bucket.versioning !== "Enabled") {
            requireMutable(call, version);
        }
    }
    const deleted = named.map((name): XmlNode => ["Deleted", deletedElements(call, name, encode)]);
    return {
        status: 200,
        xml: writeXml("DeleteResult", [
            request.query.has("encoding-type") ? ["EncodingType", "url"] : undefined,
            ...(isQuiet ? [] : deleted),
        ]),
    };
}

/** documented: DeleteMultipleObjects: VersionId is the one that was asked for, DeleteMarkerVersionId that of a marker made or removed. */
function deletedElements(
    call: BucketCall,
    { key, versionId }: NamedVersion,
    encode: (text: string) => string,
): XmlNode[] {
    const done = deleteVersion({ ...call, key }, versionId);
    return [
        ["Key", encode(key)],
        versionId === "" ? undefined : ["VersionId", versionId],
        done.isMarker ? ["DeleteMarker", true] : undefined,
        done.isMarker ? ["DeleteMarkerVersionId", done.versionId ?? ""] : undefined,
    ];
}

function readDeletion(body: Uint8Array): { named: NamedVersion[]; isQuiet: boolean } {
    const named: NamedVersion[] = [];
    let isQuiet = false;
    for (const element of readXmlRoot(body, "Delete").children) {
        if (element.name === "Quiet" && element.children.length === 0) {
            isQuiet = element.text === "true";
        } else if (element.name === "Object") {
            named.push(readNamedVersion(element));
        } else {
            throw new OssError("malformedXml");
        }
    }
    if (named.length === 0 || named.length > maxObjects) {
        throw new OssError("malformedXml");
    }
    return { named, isQuiet };
}

function readNamedVersion({ children }: XmlElement): NamedVersion {
    const key = children.find(({ name }) => name === "Key")?.rawText ?? "";
    const versionId = children.find(({ name }) => name === "VersionId")?.text ?? "";
    if (children.some(({ name }) => name !== "Key" && name !== "VersionId") || key === "" || !isObjectName(key)) {
        throw new OssError("malformedXml");
    }
    // verified: an id of another form is refused (live test of oss2, tests/test_object_versioning.py).
    if (versionId !== "" && versionId !== nullVersion && !versionId.startsWith(versionIdPrefix)) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "versionId"],
            ["ArgumentValue", versionId],
        ]);
    }
    return { key, versionId };
}
