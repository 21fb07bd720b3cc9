import { lockWithinMs, retentionPolicy, type WormPolicy } from "../../cloud/bucket";
import { writeXml } from "../../xml/xml-writer";
import { apiTime } from "../api-values";
import { OssError } from "../errors";
import type { BucketCall, OperationResult, Route } from "../operation";
import { readConfiguration } from "../read-configuration";

/** The retention policy of a bucket. */
export const bucketWormRoutes: readonly Route[] = [
    { operation: "InitiateBucketWorm", method: "POST", level: "bucket", selector: "worm", handle: initiate },
    { operation: "AbortBucketWorm", method: "DELETE", level: "bucket", selector: "worm", handle: abort },
    { operation: "GetBucketWorm", method: "GET", level: "bucket", selector: "worm", handle: read },
    {
        operation: "ExtendBucketWorm",
        method: "POST",
        level: "bucket",
        selector: "wormExtend",
        parameters: ["wormId"],
        handle: extend,
    },
    {
        operation: "CompleteBucketWorm",
        method: "POST",
        level: "bucket",
        selector: { name: "wormId" },
        handle: complete,
    },
];

const maxDays = 70 * 365;

/** documented: InitiateBucketWorm: 1 day to 70 years, one policy at a time. */
function initiate({ bucket, body, state, environment }: BucketCall): OperationResult {
    if (retentionPolicy(bucket, environment.now()) !== undefined) {
        throw new OssError("wormExists");
    }
    if (bucket.versioning !== undefined) {
        throw new OssError("operationNotSupported", [], "A bucket with versioning has no retention policy.");
    }
    const worm: WormPolicy = {
        id: environment.newId(),
        state: "InProgress",
        days: readDays(body, "InitiateWormConfiguration"),
        createdAt: environment.now(),
    };
    state.bucketTable.update(bucket, { worm });
    return { status: 200, headers: [["x-oss-worm-id", worm.id]] };
}

/** documented: AbortBucketWorm, 204; a locked policy stays. */
function abort({ bucket, state, environment }: BucketCall): OperationResult {
    if (requirePolicy(bucket, environment.now()).state === "Locked") {
        throw new OssError("wormLocked");
    }
    state.bucketTable.update(bucket, { worm: undefined });
    return { status: 204 };
}

/** documented: CompleteBucketWorm: locks the policy permanently. */
function complete({ request, bucket, state, environment }: BucketCall): OperationResult {
    const worm = requirePolicy(bucket, environment.now());
    if (worm.id !== request.query.get("wormId") || worm.state === "Locked") {
        throw new OssError("invalidWorm");
    }
    state.bucketTable.update(bucket, { worm: { ...worm, state: "Locked" } });
    return { status: 200 };
}

/** documented: ExtendBucketWorm: a locked policy can only become longer. */
function extend({ request, bucket, body, state, environment }: BucketCall): OperationResult {
    const worm = requirePolicy(bucket, environment.now());
    const days = readDays(body, "ExtendWormConfiguration");
    if (worm.id !== request.query.get("wormId") || worm.state !== "Locked" || days < worm.days) {
        throw new OssError("invalidWorm");
    }
    state.bucketTable.update(bucket, { worm: { ...worm, days } });
    return { status: 200 };
}

/** documented: GetBucketWorm. */
function read({ bucket, environment }: BucketCall): OperationResult {
    const worm = requirePolicy(bucket, environment.now());
    return {
        status: 200,
        xml: writeXml("WormConfiguration", [
            ["WormId", worm.id],
            ["State", worm.state],
            ["RetentionPeriodInDays", worm.days],
            ["CreationDate", apiTime(worm.createdAt)],
            worm.state === "Locked" ? undefined : ["ExpirationDate", apiTime(worm.createdAt + lockWithinMs)],
        ]),
    };
}

function requirePolicy(bucket: BucketCall["bucket"], now: number): WormPolicy {
    const worm = retentionPolicy(bucket, now);
    if (worm === undefined) {
        throw new OssError("noSuchWorm");
    }
    return worm;
}

function readDays(body: Uint8Array, root: string): number {
    const text = readConfiguration(body, root, ["RetentionPeriodInDays"]).get("RetentionPeriodInDays") ?? "";
    const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (days < 1 || days > maxDays) {
        throw new OssError("malformedXml");
    }
    return days;
}
