import type { Tags } from "../../cloud/stored-object";
import { writeXml } from "../../xml/xml-writer";
import { requireObjectTags } from "../object-settings";
import { requestedObject, versionHeaders } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { readTags, tagSet } from "../tag-elements";

const taggingRoute = {
    level: "object",
    access: "owner",
    selector: "tagging",
    parameters: ["versionId"],
} as const;

export const objectTaggingRoutes: readonly Route[] = [
    {
        ...taggingRoute,
        operation: "PutObjectTagging",
        method: "PUT",
        versionAction: "oss:PutObjectVersionTagging",
        handle: putObjectTagging,
    },
    {
        ...taggingRoute,
        operation: "GetObjectTagging",
        method: "GET",
        versionAction: "oss:GetObjectVersionTagging",
        handle: getObjectTagging,
    },
    {
        ...taggingRoute,
        operation: "DeleteObjectTagging",
        method: "DELETE",
        versionAction: "oss:DeleteObjectVersionTagging",
        handle: deleteObjectTagging,
    },
];

/** documented: PutObjectTagging: the tags replace the present ones. */
function putObjectTagging(call: ObjectCall): OperationResult {
    const tags = readTags(call.body);
    requireObjectTags(tags);
    return setTags(call, tags, 200);
}

/** documented: GetObjectTagging: an empty TagSet where there are no tags. */
function getObjectTagging(call: ObjectCall): OperationResult {
    const object = requestedObject(call);
    return {
        status: 200,
        headers: versionHeaders(call.bucket, object),
        xml: writeXml("Tagging", [tagSet(object.tags)]),
    };
}

/** documented: DeleteObjectTagging, 204. */
function deleteObjectTagging(call: ObjectCall): OperationResult {
    return setTags(call, [], 204);
}

function setTags(call: ObjectCall, tags: Tags, status: number): OperationResult {
    const { bucket, key, state } = call;
    const object = requestedObject(call);
    state.bucketTable.updateVersion(bucket, key, { ...object, tags });
    return { status, headers: versionHeaders(bucket, object) };
}
