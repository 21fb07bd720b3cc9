import type { Bucket } from "../cloud/bucket";
import { decide, type Permission } from "../ram/decision";
import type { Principal } from "../ram/principal";
import { OssError } from "./errors";
import { locationOf } from "./names";

/** What a caller has to be to the bucket: of its owner's account, or somebody whom its ACL lets read or write objects. */
export type Access = "owner" | "read" | "write";

/**
 * documented: the owner's account may do everything, its users and roles what their policies allow; public-read lets
 * everybody read objects, public-read-write also write and delete them (Bucket ACL); a Deny goes before all of that.
 * Bucket operations, listing included, stay with the owner (docstring of oss2's AnonymousAuth).
 * @param principal undefined when the request is anonymous
 */
export function requireAccess(
    bucket: Bucket,
    principal: Principal | undefined,
    access: Access,
    permission: Permission,
): void {
    const decision = principal === undefined ? "implicit deny" : decide(principal, permission);
    if (decision === "explicit deny") {
        throw new OssError("deniedByPolicy", [["AuthAction", permission.action]]);
    }
    const isOwn = principal?.accountId === bucket.accountId;
    const isPublic =
        (access === "read" && bucket.acl !== "private") || (access === "write" && bucket.acl === "public-read-write");
    if (isPublic || (isOwn && decision === "allow")) {
        return;
    }
    if (isOwn) {
        throw new OssError("noPermission", [["AuthAction", permission.action]]);
    }
    if (access !== "owner") {
        throw new OssError("noRightToObject");
    }
    throw new OssError(principal === undefined ? "anonymousBucketAccess" : "notBucketOwner");
}

/** verified: aliyun/ossfs#81, for operations that have no bucket whose ACL could allow them. */
export function requirePrincipal(principal: Principal | undefined, permission: Permission): Principal {
    if (principal === undefined) {
        throw new OssError("anonymousForbidden");
    }
    const decision = decide(principal, permission);
    if (decision !== "allow") {
        throw new OssError(decision === "explicit deny" ? "deniedByPolicy" : "noPermission", [
            ["AuthAction", permission.action],
        ]);
    }
    return principal;
}

/** documented: `acs:oss:<region>:<owner>:<bucket>[/<key>]`; the pages write the region with and without `oss-`. */
export function permissionOn(
    { name, accountId, region }: Pick<Bucket, "name" | "accountId" | "region">,
    key: string | undefined,
    action: string,
): Permission {
    const path = key === undefined ? name : `${name}/${key}`;
    return {
        action,
        resources: [`acs:oss:${locationOf(region)}:${accountId}:${path}`, `acs:oss:${region}:${accountId}:${path}`],
    };
}
