import type { HeaderLine } from "../../cloud/wire";
import { deleteVersion, requestedVersionId } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";

export const deleteObjectRoutes: readonly Route[] = [
    {
        operation: "DeleteObject",
        method: "DELETE",
        level: "object",
        access: "write",
        versionAction: "oss:DeleteObjectVersion",
        // verified: symlink has no effect (live test of oss2, tests/test_object_versioning.py).
        parameters: ["versionId", "symlink"],
        handle: deleteObject,
    },
];

/** documented: DeleteObject (doc 31982), 204 also when there was no such object; the headers name the version or marker that was removed or added. */
function deleteObject(call: ObjectCall): OperationResult {
    const { versionId, isMarker } = deleteVersion(call, requestedVersionId(call));
    const hasVersions = call.bucket.versioning !== undefined;
    const headers: HeaderLine[] = [
        ...(versionId === undefined || !hasVersions ? [] : [["x-oss-version-id", versionId] as const]),
        ...(isMarker ? [["x-oss-delete-marker", "true"] as const] : []),
    ];
    return { status: 204, headers };
}
