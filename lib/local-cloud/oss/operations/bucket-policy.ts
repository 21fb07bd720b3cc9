import { readBucketPolicy } from "../../ram/bucket-policy";
import { PolicyGrammarError } from "../../ram/statement";
import { writeXml } from "../../xml/xml-writer";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";

export const bucketPolicyRoutes: readonly Route[] = [
    { operation: "PutBucketPolicy", method: "PUT", level: "bucket", selector: "policy", handle: putBucketPolicy },
    { operation: "GetBucketPolicy", method: "GET", level: "bucket", selector: "policy", handle: getBucketPolicy },
    {
        operation: "DeleteBucketPolicy",
        method: "DELETE",
        level: "bucket",
        selector: "policy",
        handle: deleteBucketPolicy,
    },
    {
        operation: "GetBucketPolicyStatus",
        method: "GET",
        level: "bucket",
        selector: "policyStatus",
        handle: getBucketPolicyStatus,
    },
];

/**
 * documented: PutBucketPolicy, a JSON text. assumed: the code for a text that is no policy. Condition, NotAction,
 * NotResource and NotPrincipal are refused: they are not evaluated here.
 */
function putBucketPolicy({ bucket, body, state }: BucketCall): OperationResult {
    const policy = Buffer.from(body).toString("utf8");
    try {
        readBucketPolicy(policy);
    } catch (error) {
        if (!(error instanceof PolicyGrammarError)) {
            throw error;
        }
        throw new OssError("malformedPolicy", [["ErrorDetail", error.message]]);
    }
    state.bucketTable.update(bucket, { policy });
    return { status: 200 };
}

/** documented: GetBucketPolicy, the text as it was put. */
function getBucketPolicy({ bucket }: BucketCall): OperationResult {
    if (bucket.policy === undefined) {
        throw new OssError("noSuchBucketPolicy");
    }
    return { status: 200, headers: [["Content-Type", "application/json"]], bytes: Buffer.from(bucket.policy, "utf8") };
}

/** documented: DeleteBucketPolicy, 204. */
function deleteBucketPolicy({ bucket, state }: BucketCall): OperationResult {
    state.bucketTable.update(bucket, { policy: undefined });
    return { status: 204 };
}

/** documented: GetBucketPolicyStatus: whether the policy makes the bucket public. */
function getBucketPolicyStatus({ bucket }: BucketCall): OperationResult {
    const statements = bucket.policy === undefined ? [] : readBucketPolicy(bucket.policy);
    const isPublic = statements.some(({ effect, principals }) => effect === "Allow" && principals.includes("*"));
    return { status: 200, xml: writeXml("PolicyStatus", [["IsPublic", isPublic]]) };
}
