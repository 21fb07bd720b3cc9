import type { Bucket } from "../cloud/state";
import { OssError } from "./errors";

/** What a caller has to be to the bucket: its owner, or somebody whom its ACL lets read or write objects. */
export type Access = "owner" | "read" | "write";

/**
 * documented: the owner may do everything; public-read lets everybody read objects, public-read-write also write and
 * delete them (Bucket ACL). Bucket operations, listing included, stay with the owner (docstring of oss2's AnonymousAuth).
 * @param accountId undefined when the request is anonymous
 */
export function requireAccess(bucket: Bucket, accountId: string | undefined, access: Access): void {
    const allowed =
        accountId === bucket.accountId ||
        (access === "read" && bucket.acl !== "private") ||
        (access === "write" && bucket.acl === "public-read-write");
    if (allowed) {
        return;
    }
    if (access !== "owner") {
        throw new OssError("noRightToObject");
    }
    throw new OssError(accountId === undefined ? "anonymousBucketAccess" : "notBucketOwner");
}

/** verified: aliyun/ossfs#81, for operations that have no bucket whose ACL could allow them. */
export function requireAccount(accountId: string | undefined): string {
    if (accountId === undefined) {
        throw new OssError("anonymousForbidden");
    }
    return accountId;
}
