import type { Bucket } from "../../cloud/bucket";
import type { StoredObject } from "../../cloud/stored-object";
import { permissionOn, requireAccess } from "../access";
import { OssError } from "../errors";
import { requireUsableKey } from "../kms-protection";
import { bucketNamePattern } from "../names";
import { requireReadable, storedObject } from "../object-versions";
import type { ObjectCall } from "../operation";
import { decodePercent } from "../oss-request";
import { type ConditionHeaders, checkConditions } from "../read-conditions";

export const copySource = "x-oss-copy-source";

const copyConditions: ConditionHeaders = {
    ifMatch: "x-oss-copy-source-if-match",
    ifNoneMatch: "x-oss-copy-source-if-none-match",
    ifModifiedSince: "x-oss-copy-source-if-modified-since",
    ifUnmodifiedSince: "x-oss-copy-source-if-unmodified-since",
};

export interface CopySource {
    readonly bucket: Bucket;
    readonly key: string;
    readonly object: StoredObject;
    /** Whether the conditions of the request leave nothing to copy (304). */
    readonly isUnchanged: boolean;
}

/**
 * The object that x-oss-copy-source names, when the caller may read it.
 * verified with the official SDKs: `/bucket/key`, percent-encoded in part or in whole; aliyun-oss-go-sdk writes a blank
 * as `+`, and every SDK writes a plus as `%2B`.
 * documented: `?versionId=` behind it names a version (CopyObject).
 * @throws OssError also PreconditionFailed
 */
export function readCopySource(call: ObjectCall): CopySource {
    const { request, state, principal, environment } = call;
    const { name, key, versionId } = parseCopySource(request.header(copySource) ?? "");
    const bucket = state.buckets.get(name);
    if (bucket === undefined) {
        throw new OssError("noSuchBucket", [["BucketName", name]]);
    }
    const acl = bucket.objects.get(key)?.find((version) => versionId === "" || version.versionId === versionId);
    const objectAcl = acl === undefined || acl.isDeleteMarker ? undefined : acl.acl;
    requireAccess(bucket, principal, "read", permissionOn(bucket, key, "oss:GetObject"), objectAcl);
    if (versionId !== "") {
        requireAccess(bucket, principal, "read", permissionOn(bucket, key, "oss:GetObjectVersion"), objectAcl);
    }
    if (bucket.region !== call.bucket.region) {
        throw new OssError("invalidArgument", [], "The source and the target have to be in the same region.");
    }
    const object = sourceObject({ bucket, key }, versionId);
    requireReadable(object, environment.now());
    requireUsableKey(call, bucket, object.encryption, "kms:Decrypt");
    return { bucket, key, object, isUnchanged: checkConditions(request, object, copyConditions) === "not modified" };
}

/** documented: CopyObject: a version that is a delete marker counts as an object that does not exist. */
function sourceObject(place: { bucket: Bucket; key: string }, versionId: string): StoredObject {
    const version = place.bucket.objects.get(place.key)?.find((candidate) => candidate.versionId === versionId);
    if (version?.isDeleteMarker) {
        throw new OssError("noSuchKey", [["Key", place.key]]);
    }
    return storedObject(place, versionId);
}

function parseCopySource(text: string): { name: string; key: string; versionId: string } {
    const [, path = "", versionId = ""] = /^(.*?)(?:\?versionId=([^?&]*))?$/s.exec(text) ?? [];
    const [, name = "", key = ""] = /^\/?([^/]+)\/(.+)$/s.exec(decodePercent(path.replaceAll("+", " ")) ?? "") ?? [];
    // verified: an empty versionId is refused (live test of oss2, tests/test_object_versioning.py).
    if (!bucketNamePattern.test(name) || key === "" || text.endsWith("?versionId=")) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", copySource],
            ["ArgumentValue", text],
        ]);
    }
    return { name, key, versionId };
}
