import { type Bucket, retentionPolicy } from "../cloud/bucket";
import { needsRestoration } from "../cloud/storage-class";
import {
    currentObject,
    nullVersion,
    type ObjectVersion,
    type StoredObject,
    versionIdPrefix,
} from "../cloud/stored-object";
import type { HeaderLine } from "../cloud/wire";
import { namesOf } from "../ram/bucket-policy";
import { OssError } from "./errors";
import type { ObjectCall } from "./operation";

type ObjectPlace = Pick<ObjectCall, "bucket" | "key">;

/**
 * The object that a request names by its key and, where it has one, its versionId.
 * documented: GetObject (doc 31980): 404 for a key whose newest version is a delete marker, 405 for the id of a marker,
 * both with x-oss-delete-marker. verified: NoSuchVersion (live test of aliyun-oss-go-sdk, bucket_test.go).
 * @param versionId "" where the request names none
 */
export function storedObject({ bucket, key }: ObjectPlace, versionId: string): StoredObject {
    const versions = bucket.objects.get(key) ?? [];
    const version = versionId === "" ? versions[0] : versions.find((candidate) => candidate.versionId === versionId);
    if (version === undefined) {
        throw versionId === ""
            ? new OssError("noSuchKey", [["Key", key]])
            : new OssError("noSuchVersion", [
                  ["Key", key],
                  ["VersionId", versionId],
              ]);
    }
    if (version.isDeleteMarker) {
        const headers: HeaderLine[] = [
            ["x-oss-delete-marker", "true"],
            ["x-oss-version-id", version.versionId],
        ];
        throw versionId === ""
            ? new OssError("noSuchKey", [["Key", key]], undefined, headers)
            : new OssError(
                  "methodNotAllowed",
                  [
                      ["Method", "GET"],
                      ["ResourceType", "DeleteMarker"],
                  ],
                  undefined,
                  headers,
              );
    }
    return version;
}

export function requestedObject(call: ObjectCall): StoredObject {
    return storedObject(call, requestedVersionId(call));
}

export function requestedVersionId({ request }: Pick<ObjectCall, "request">): string {
    return request.query.get("versionId") ?? "";
}

/**
 * The object whose content a request reads: for a symbolic link its target.
 * documented: GetObject (doc 31980): SymlinkTargetNotExist, InvalidTargetType.
 */
export function contentOf({ bucket }: Pick<ObjectCall, "bucket">, object: StoredObject): StoredObject {
    if (object.type !== "Symlink") {
        return object;
    }
    const target = currentObject(bucket.objects.get(object.linkTarget ?? ""));
    if (target === undefined) {
        throw new OssError("symlinkTargetMissing", [["TargetKey", object.linkTarget ?? ""]]);
    }
    if (target.type === "Symlink") {
        throw new OssError("symlinkToSymlink", [["TargetKey", object.linkTarget ?? ""]]);
    }
    return target;
}

/** documented: GetObject (doc 31980), CopyObject: an archived object is restored before it is read. */
export function requireReadable(object: StoredObject, now: number): void {
    const { restoration } = object;
    const isRestored = restoration !== undefined && restoration.readyAt <= now && now < restoration.expiresAt;
    if (needsRestoration(object.storageClass) && !isRestored) {
        throw new OssError("invalidObjectState", [["ObjectStorageClass", object.storageClass]]);
    }
}

/** documented: the answer has x-oss-version-id unless versioning was never set (PutObject, GetObject). */
export function versionHeaders({ versioning }: Bucket, { versionId }: Pick<ObjectVersion, "versionId">): HeaderLine[] {
    return versioning === undefined ? [] : [["x-oss-version-id", versionId]];
}

/**
 * Makes an object the newest version of its key. documented: PutBucketVersioning: a new id while versioning is enabled,
 * else the id `null`, whose version is replaced.
 * @throws OssError when the object that it would replace is protected
 */
export function storeObject(call: ObjectCall, object: Omit<StoredObject, "versionId" | "lastModified">): StoredObject {
    const { bucket, key, state, environment } = call;
    requireWritable(call);
    const stored: StoredObject = {
        ...object,
        versionId: nextVersionId(call),
        lastModified: environment.now(),
    };
    state.bucketTable.putVersion(bucket, key, stored);
    return stored;
}

/**
 * documented: DeleteObject (doc 31982). Without an id it removes the object, or, in a bucket with versioning, adds a
 * delete marker; with an id it removes that version permanently. A missing object counts as deleted.
 */
export function deleteVersion(
    call: ObjectPlace & Pick<ObjectCall, "state" | "environment">,
    versionId: string,
): { readonly versionId: string | undefined; readonly isMarker: boolean } {
    const { bucket, key, state, environment } = call;
    const versions = bucket.objects.get(key) ?? [];
    if (versionId === "" && bucket.versioning !== undefined) {
        const marker = {
            versionId: nextVersionId(call),
            lastModified: environment.now(),
            isDeleteMarker: true,
        } as const;
        requireMutable(
            call,
            versions.find((version) => version.versionId === marker.versionId),
        );
        state.bucketTable.putVersion(bucket, key, marker);
        return { versionId: marker.versionId, isMarker: true };
    }
    const id = versionId === "" ? nullVersion : versionId;
    const version = versions.find((candidate) => candidate.versionId === id);
    requireMutable(call, version);
    state.bucketTable.removeVersion(bucket, key, id);
    return { versionId: versionId || undefined, isMarker: version?.isDeleteMarker === true };
}

/**
 * Refuses a write that would replace a protected object.
 * documented: x-oss-forbid-overwrite, which counts only without versioning (PutObject, CopyObject,
 * InitiateMultipartUpload); PutBucketOverwriteConfig; retention policy.
 * assumed: an overwrite rule has no effect on a write that adds a version.
 */
export function requireWritable(call: ObjectCall): void {
    const { request, bucket, key, principal } = call;
    const given = request.header("x-oss-forbid-overwrite");
    if (given !== undefined && given !== "true" && given !== "false") {
        throw new OssError("invalidArgument", [["ArgumentName", "x-oss-forbid-overwrite"]]);
    }
    if (bucket.versioning === "Enabled") {
        return;
    }
    const replaced = bucket.objects.get(key)?.find(({ versionId }) => versionId === nullVersion);
    if (replaced === undefined || replaced.isDeleteMarker) {
        return;
    }
    if (given === "true" && bucket.versioning === undefined) {
        throw new OssError("fileAlreadyExists");
    }
    const names = principal === undefined ? [] : namesOf(principal);
    const isForbidden = bucket.overwriteRules.some(
        ({ prefix, suffix, principals }) =>
            key.startsWith(prefix) &&
            key.endsWith(suffix) &&
            (principals.length === 0 || principals.some((name) => names.includes(name))),
    );
    if (isForbidden) {
        throw new OssError("fileAlreadyExists");
    }
    requireMutable(call, replaced);
}

/** documented: retention policy: until its days are over, an object is neither deleted nor overwritten. */
export function requireMutable(
    { bucket, environment }: Pick<ObjectCall, "bucket" | "environment">,
    version: ObjectVersion | undefined,
): void {
    const worm = retentionPolicy(bucket, environment.now());
    if (worm === undefined || version === undefined || version.isDeleteMarker) {
        return;
    }
    if (environment.now() < version.lastModified + worm.days * dayMs) {
        throw new OssError("fileImmutable");
    }
}

const dayMs = 24 * 3_600_000;

/** assumed: an opaque text; the real ones have more characters. */
function nextVersionId({ bucket, environment }: Pick<ObjectCall, "bucket" | "environment">): string {
    return bucket.versioning === "Enabled" ? `${versionIdPrefix}${environment.newId()}` : nullVersion;
}
