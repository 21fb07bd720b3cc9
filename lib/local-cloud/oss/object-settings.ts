import { isStorageClass, type StorageClass } from "../cloud/storage-class";
import { type ObjectAcl, objectAcls, type StoredObject, type Tags } from "../cloud/stored-object";
import { OssError } from "./errors";
import type { ObjectCall } from "./operation";
import { decodePercent, type OssRequest } from "./oss-request";

/** The settings that a write gives an object. */
export type ObjectSettings = Pick<StoredObject, "acl" | "tags" | "storageClass">;

/** documented: PutObject (doc 31978): x-oss-object-acl, x-oss-tagging and x-oss-storage-class, each with its default. */
export function readObjectSettings({ request, bucket }: Pick<ObjectCall, "request" | "bucket">): ObjectSettings {
    return {
        acl: readObjectAcl(request) ?? "default",
        tags: readTaggingHeader(request),
        storageClass: readStorageClass(request) ?? bucket.storageClass,
    };
}

/** The header x-oss-object-acl, when it is there. @throws OssError InvalidArgument */
export function readObjectAcl(request: OssRequest): ObjectAcl | undefined {
    const acl = request.header("x-oss-object-acl") || undefined;
    if (acl !== undefined && !objectAcls.includes(acl as ObjectAcl)) {
        throw invalidHeader("x-oss-object-acl", acl);
    }
    return acl as ObjectAcl | undefined;
}

/** The header x-oss-storage-class, when it is there. @throws OssError InvalidArgument */
export function readStorageClass(request: OssRequest): StorageClass | undefined {
    const text = request.header("x-oss-storage-class") || undefined;
    if (text !== undefined && !isStorageClass(text)) {
        throw invalidHeader("x-oss-storage-class", text);
    }
    return text;
}

/** documented: PutObject: `TagA=A&TagB=B`, names and values percent-encoded. */
export function readTaggingHeader(request: OssRequest): Tags {
    const text = request.header("x-oss-tagging") ?? "";
    const tags = text
        .split("&")
        .filter((pair) => pair !== "")
        .map((pair): readonly [string, string] => {
            const equals = pair.indexOf("=");
            const decode = (part: string) => {
                const decoded = decodePercent(part.replaceAll("+", " "));
                if (decoded === undefined) {
                    throw invalidHeader("x-oss-tagging", text);
                }
                return decoded;
            };
            return equals < 0 ? [decode(pair), ""] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
        });
    requireObjectTags(tags);
    return tags;
}

/** documented: PutObjectTagging: 10 tags at most, keys of 1 to 128 characters, values of up to 256. verified: other scripts are taken
 * (live test of oss2, tests/test_multipart.py). */
export function requireObjectTags(tags: Tags): void {
    const names = new Set(tags.map(([key]) => key));
    const areValid = tags.every(([key, value]) => /^[\p{L}\p{N} +\-=._:/]{1,128}$/u.test(key) && isTagValue(value));
    if (tags.length > 10 || names.size < tags.length || !areValid) {
        throw new OssError("invalidTag");
    }
}

function isTagValue(value: string): boolean {
    return /^[\p{L}\p{N} +\-=._:/]{0,256}$/u.test(value);
}

function invalidHeader(name: string, value: string): OssError {
    return new OssError("invalidArgument", [
        ["ArgumentName", name],
        ["ArgumentValue", value],
    ]);
}
