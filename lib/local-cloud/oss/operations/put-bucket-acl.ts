import { newBucket } from "../../cloud/bucket";
import { permissionOn, requireAccess } from "../access";
import { readAcl } from "../bucket-elements";
import { OssError } from "../errors";
import { bucketNamePattern } from "../names";
import type { CreationCall, OperationResult, Route } from "../operation";

export const putBucketAclRoutes: readonly Route[] = [
    { operation: "PutBucketAcl", method: "PUT", level: "new-bucket", selector: "acl", handle: putBucketAcl },
];

/**
 * documented: PutBucketAcl (doc 31960); the header is required.
 * verified: a missing bucket is created, and Location names the bucket (live test of ali-oss,
 * test/node/bucket.test.js).
 */
function putBucketAcl(call: CreationCall): OperationResult {
    const { request, state, environment, bucketName, principal, region } = call;
    const acl = readAcl(request);
    if (acl === undefined) {
        throw new OssError("invalidArgument", [["ArgumentName", "x-oss-acl"]], "The header x-oss-acl is missing.");
    }
    if (!bucketNamePattern.test(bucketName)) {
        throw new OssError("invalidBucketName", [["BucketName", bucketName]]);
    }
    const existing = state.buckets.get(bucketName);
    if (existing === undefined) {
        const { accountId } = principal;
        const creationDate = environment.now();
        state.bucketTable.add(newBucket({ name: bucketName, accountId, creationDate, acl, ...(region && { region }) }));
    } else {
        requireAccess(existing, principal, "owner", permissionOn(existing, undefined, "oss:PutBucketAcl"));
        state.bucketTable.update(existing, { acl });
    }
    return { status: 200, headers: [["Location", `/${bucketName}`]] };
}
