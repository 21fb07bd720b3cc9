import { needsRestoration, type StorageClass } from "../../cloud/storage-class";
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
        selector: "restore",
        parameters: ["versionId"],
        handle: restoreObject,
    },
];

const restoreTiers: readonly string[] = ["Expedited", "Standard", "Bulk"];
const dayMs = 24 * 3_600_000;
/** The real service takes a minute to hours. */
const restorationMs = 1000;

/**
 * documented: RestoreObject (doc 52930): 202 for the first call, 409 while it is in progress, 200 for a restored
 * object, which is then kept for the new time; 400 for a class that needs no restoration.
 * assumed: a body without Days restores for one day.
 */
function restoreObject(call: ObjectCall): OperationResult {
    const { body, bucket, key, state, environment } = call;
    const object = requestedObject(call);
    if (!needsRestoration(object.storageClass)) {
        throw new OssError("operationNotSupported", [["Resource", key]]);
    }
    const now = environment.now();
    const wanted = readRequest(body, object.storageClass);
    const { restoration } = object;
    if (restoration !== undefined && restoration.readyAt > now) {
        throw new OssError("restoreAlreadyInProgress");
    }
    const isRestored = restoration !== undefined && restoration.expiresAt > now;
    const readyAt = isRestored ? restoration.readyAt : now + restorationMs;
    const expiresAt = Math.max(now, readyAt) + wanted.days * dayMs;
    state.bucketTable.updateVersion(bucket, key, { ...object, restoration: { readyAt, expiresAt } });
    return {
        status: isRestored ? 200 : 202,
        headers: [["x-oss-object-restore-priority", wanted.tier], ...versionHeaders(bucket, object)],
    };
}

/** verified: JobParameters for the class Archive is MalformedXML (live test of ali-oss, test/node/object.test.js). */
function readRequest(body: Uint8Array, storageClass: StorageClass): { days: number; tier: string } {
    const elements = body.byteLength === 0 ? [] : readXmlRoot(body, "RestoreRequest").children;
    const text = elements.find(({ name }) => name === "Days")?.text ?? "1";
    const parameters = elements.find(({ name }) => name === "JobParameters");
    const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    if (days < 1 || days > 365 || (parameters !== undefined && storageClass === "Archive")) {
        throw new OssError("malformedXml");
    }
    const tier = parameters?.children.find(({ name }) => name === "Tier")?.text || "Standard";
    if (!restoreTiers.includes(tier)) {
        // verified: live test of oss2 (tests/test_object.py).
        throw new OssError("invalidArgument", [
            ["ArgumentName", "Tier"],
            ["ArgumentValue", tier],
        ]);
    }
    return { days, tier };
}
