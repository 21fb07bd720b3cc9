import type { Bucket, BucketAcl } from "../cloud/bucket";
import type { ObjectAcl } from "../cloud/stored-object";
import { decideByBucketPolicy } from "../ram/bucket-policy";
import { type Decision, decide, decideBySession, type Permission } from "../ram/decision";
import { type Principal, principalId } from "../ram/principal";
import { type ErrorDetails, OssError } from "./errors";
import { locationOf } from "./names";
import type { OssRequest } from "./oss-request";

/**
 * The relation to the bucket that a request needs: the owner's account, or an ACL that allows reading or writing
 * objects.
 */
export type Access = "owner" | "read" | "write";

/**
 * documented: the owner's account may do everything, its users and roles what RAM allows; public-read lets every caller
 * read objects, public-read-write also lets them write and delete (Bucket ACL); an object's own ACL takes precedence over
 * its bucket's (Object ACL); a Deny of RAM, of the bucket policy or of the token's policy overrides all of that (EC pages
 * 0003-00000101, 0201, 0203, 0301). Bucket operations, including lists, are allowed to the owner (docstring of oss2's
 * AnonymousAuth) and by the bucket policy.
 * @param principal undefined when the request is anonymous
 */
export function requireAccess(
    bucket: Bucket,
    principal: Principal | undefined,
    access: Access,
    permission: Permission,
    objectAcl: ObjectAcl = "default",
): void {
    const byRam = principal === undefined ? "implicit deny" : decide(principal, permission);
    const byBucketPolicy = decideByBucketPolicy(bucket.policy, principal, permission);
    refuseExplicitly(principal, permission, byRam, byBucketPolicy);
    const acl = objectAcl === "default" ? bucket.acl : objectAcl;
    const isOwn = principal?.accountId === bucket.accountId;
    // documented: Block Public Access: public ACLs have no effect (EC page 0003-00000001).
    if (
        (isPublic(acl, access) && !bucket.blocksPublicAccess) ||
        byBucketPolicy === "allow" ||
        (isOwn && byRam === "allow")
    ) {
        return;
    }
    const details = principal === undefined || !isOwn ? [] : denialDetails(principal, permission, "ImplicitDeny");
    if (access !== "owner") {
        throw new OssError(objectAcl === "default" ? "noRightToObject" : "noRightByObjectAcl", details);
    }
    throw new OssError(principal === undefined ? "anonymousBucketAccess" : "notBucketOwner", details);
}

/** verified: aliyun/ossfs#81, for operations without a bucket, which no ACL can allow. */
export function requirePrincipal(principal: Principal | undefined, permission: Permission): Principal {
    if (principal === undefined) {
        throw new OssError("anonymousForbidden");
    }
    const byRam = decide(principal, permission);
    refuseExplicitly(principal, permission, byRam, "implicit deny");
    if (byRam !== "allow") {
        throw new OssError("notAllowedByRamPolicy", denialDetails(principal, permission, "ImplicitDeny"));
    }
    return principal;
}

function refuseExplicitly(
    principal: Principal | undefined,
    permission: Permission,
    byRam: Decision,
    byBucketPolicy: Decision,
): void {
    const isDeniedByBucket = byBucketPolicy === "explicit deny";
    if (principal === undefined) {
        if (isDeniedByBucket) {
            throw new OssError("deniedByBucketPolicy");
        }
        return;
    }
    const details = () => denialDetails(principal, permission, "ExplicitDeny");
    if (byRam === "explicit deny") {
        throw new OssError(isDeniedByBucket ? "deniedByBothPolicies" : "deniedByRamPolicy", details());
    }
    if (isDeniedByBucket) {
        throw new OssError("deniedByBucketPolicy", details());
    }
    const bySession = decideBySession(principal, permission);
    if (bySession !== "allow") {
        const type = bySession === "explicit deny" ? "ExplicitDeny" : "ImplicitDeny";
        throw new OssError("deniedBySessionPolicy", denialDetails(principal, permission, type, "SessionPolicy"));
    }
}

/**
 * documented: the elements of EC page 0003-00000201. assumed: the policy type of a token's policy; the diagnostic message,
 * which only Alibaba Cloud can decode, is left out.
 */
function denialDetails(
    principal: Principal,
    { action }: Permission,
    noPermissionType: "ExplicitDeny" | "ImplicitDeny",
    policyType = "AccountLevelIdentityBasedPolicy",
): ErrorDetails {
    const types = { Account: "Account", RAMUser: "SubUser", AssumedRoleUser: "AssumedRoleUser" };
    return [
        [
            "AccessDeniedDetail",
            [
                ["PolicyType", policyType],
                ["AuthPrincipalOwnerId", principal.accountId],
                ["AuthPrincipalType", types[principal.identity.type]],
                ["AuthPrincipalDisplayName", principalId(principal)],
                ["NoPermissionType", noPermissionType],
                ["AuthAction", action],
            ],
        ],
    ];
}

function isPublic(acl: BucketAcl, access: Access): boolean {
    return (access === "read" && acl !== "private") || (access === "write" && acl === "public-read-write");
}

/**
 * documented: pay-by-requester: other accounts have to state that they pay; anonymous callers cannot.
 * verified: 403 (live test of oss2, tests/test_object_request_payment.py). The text is assumed. Nothing is paid here.
 */
export function requirePayment(bucket: Bucket, principal: Principal | undefined, request: OssRequest): void {
    const isOwn = principal?.accountId === bucket.accountId;
    const payer = request.header("x-oss-request-payer") ?? request.query.get("x-oss-request-payer");
    if (bucket.requestPayer === "Requester" && !isOwn && (principal === undefined || payer !== "requester")) {
        throw new OssError("paymentRequired");
    }
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
