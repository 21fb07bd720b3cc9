import { createHmac } from "node:crypto";
import type { Address } from "../addressing";
import type { OssRequest } from "../oss-request";
import { v1SignedParameters } from "./v1-signed-parameters";

/**
 * Steps 4 and 5 of V1.
 * documented: include-signatures-in-the-authorization-header; verified with oss2, ali-oss and alibabacloud-oss-v2.
 * @param time x-oss-date, else Date; in a signed URL its `Expires`
 */
export function v1StringToSign(request: OssRequest, address: Address, time: string): string {
    const ossHeaders = request.headers
        .filter(([name]) => name.startsWith("x-oss-"))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}:${value.trim()}\n`);
    return [
        request.method,
        request.header("content-md5") ?? "",
        request.header("content-type") ?? "",
        time,
        ossHeaders.join("") + resource(request, address),
    ].join("\n");
}

export function v1Signature(secret: string, text: string): string {
    return createHmac("sha1", secret).update(text, "utf8").digest("base64");
}

function resource(request: OssRequest, address: Address): string {
    const bucket = address.bucket === undefined ? "" : `${address.bucket}/`;
    const parameters = [...request.query]
        .filter(([name]) => v1SignedParameters.has(name))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
    const query = parameters.length === 0 ? "" : `?${parameters.join("&")}`;
    return `/${bucket}${address.key ?? ""}${query}`;
}
