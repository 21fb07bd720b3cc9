import { retentionPolicy, type VersioningState, versioningStates } from "../../cloud/bucket";
import { writeXml } from "../../xml/xml-writer";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readConfiguration } from "../read-configuration";

export const bucketVersioningRoutes: readonly Route[] = [
    {
        operation: "PutBucketVersioning",
        method: "PUT",
        level: "bucket",
        selector: "versioning",
        handle: putBucketVersioning,
    },
    {
        operation: "GetBucketVersioning",
        method: "GET",
        level: "bucket",
        selector: "versioning",
        handle: getBucketVersioning,
    },
];

/** documented: PutBucketVersioning: Enabled or Suspended, and never unset again; refused for a bucket with a retention policy. */
function putBucketVersioning({ bucket, body, state, environment }: BucketCall): OperationResult {
    const status = readConfiguration(body, "VersioningConfiguration", ["Status"]).get("Status");
    if (!versioningStates.includes(status as VersioningState)) {
        throw new OssError("malformedXml");
    }
    if (retentionPolicy(bucket, environment.now()) !== undefined) {
        throw new OssError("operationNotSupported", [], "A bucket with a retention policy has no versioning.");
    }
    state.bucketTable.update(bucket, { versioning: status as VersioningState });
    return { status: 200 };
}

/** documented: GetBucketVersioning. verified: an empty configuration where it was never set (live tests of oss2 and ossutil). */
function getBucketVersioning({ bucket }: BucketCall): OperationResult {
    const status = bucket.versioning === undefined ? undefined : (["Status", bucket.versioning] as const);
    return { status: 200, xml: writeXml("VersioningConfiguration", [status]) };
}
