import { needsRestoration } from "../../cloud/storage-class";
import { OssError } from "../errors";
import { requestedObject, versionHeaders } from "../object-versions";
import type { ObjectCall, OperationResult, Route } from "../operation";
import { readXmlRoot } from "../read-configuration";

export const restoreObjectRoutes: readonly Route[] = [
    {
        operation: "RestoreObject",
        method: "POST",
        level: "object",
        access: "owner",
        versionAction: "oss:RestoreObjectVersion",
        selector: { name: "restore", value: "" },
        parameters: ["versionId"],
        handle: restoreObject,
    },
];

const dayMs = 24 * 3_600_000;
/** The real service takes a minute to hours. */
const restorationMs = 1000;

/**
 * documented: RestoreObject (doc 52930): 202 for the first call, 409 while it is at work, 200 for a restored object, whose
 * time is counted anew; 400 for a class that needs none. assumed: a body without Days restores for one day.
 */
function restoreObject(call: ObjectCall): OperationResult {
    const { body, bucket, key, state, environment } = call;
    const object = requestedObject(call);
    if (!needsRestoration(object.storageClass)) {
        throw new OssError("operationNotSupported", [["Resource", key]]);
    }
    const now = environment.now();
    const { restoration } = object;
    if (restoration !== undefined && restoration.readyAt > now) {
        throw new OssError("restoreAlreadyInProgress");
    }
    const isRestored = restoration !== undefined && restoration.expiresAt > now;
    const readyAt = isRestored ? restoration.readyAt : now + restorationMs;
    const expiresAt = Math.max(now, readyAt) + readDays(body) * dayMs;
    state.bucketTable.updateVersion(bucket, key, { ...object, restoration: { readyAt, expiresAt } });
    return {
        status: isRestored ? 200 : 202,
        headers: [["x-oss-object-restore-priority", readTier(body)], ...versionHeaders(bucket, object)],
    };
}

function readDays(body: Uint8Array): number {
    if (body.byteLength === 0) {
        return 1;
    }
    const text = readXmlRoot(body, "RestoreRequest").children.find(({ name }) => name === "Days")?.text ?? "1";
    const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    if (days < 1 || days > 365) {
        throw new OssError("malformedXml");
    }
    return days;
}

function readTier(body: Uint8Array): string {
    const parameters =
        body.byteLength === 0
            ? undefined
            : readXmlRoot(body, "RestoreRequest").children.find(({ name }) => name === "JobParameters");
    return parameters?.children.find(({ name }) => name === "Tier")?.text || "Standard";
}
