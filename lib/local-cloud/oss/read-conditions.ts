import type { StoredObject } from "../cloud/stored-object";
import { OssError } from "./errors";
import type { OssRequest } from "./oss-request";

const getConditions = {
    ifMatch: "if-match",
    ifNoneMatch: "if-none-match",
    ifModifiedSince: "if-modified-since",
    ifUnmodifiedSince: "if-unmodified-since",
};
export type ConditionHeaders = typeof getConditions;

/**
 * documented: GetObject (doc 31980): 412 when If-Match or If-Unmodified-Since fails, 304 for the other two; times in
 * whole seconds.
 * assumed: an invalid time is no condition.
 * @param names the headers of the conditions, where they have other names (CopyObject)
 * @throws OssError PreconditionFailed
 */
export function checkConditions(
    request: OssRequest,
    object: StoredObject,
    names: ConditionHeaders = getConditions,
): "not modified" | "go on" {
    const modified = Math.floor(object.lastModified / 1000) * 1000;
    const time = (name: string) => Date.parse(request.header(name) ?? "");
    const tags = (name: string) =>
        request
            .header(name)
            ?.split(",")
            .map((tag) => tag.trim().replaceAll('"', "").toUpperCase());
    const isIn = (list: readonly string[]) => list.includes("*") || list.includes(object.etag.replaceAll('"', ""));
    const match = tags(names.ifMatch);
    const noneMatch = tags(names.ifNoneMatch);
    if (match !== undefined && !isIn(match)) {
        throw new OssError("preconditionFailed", [["Condition", "If-Match"]]);
    }
    if (modified > time(names.ifUnmodifiedSince)) {
        throw new OssError("preconditionFailed", [["Condition", "If-Unmodified-Since"]]);
    }
    if ((noneMatch !== undefined && isIn(noneMatch)) || modified <= time(names.ifModifiedSince)) {
        return "not modified";
    }
    return "go on";
}

/**
 * The bytes that a request wants, both ends included; undefined is all of them.
 * documented: GetObject: an invalid range is ignored unless x-oss-range-behavior is standard; several ranges are not
 * served. verified: a comma may follow (live test of ossutil, monitor_test.go).
 */
export function readRange(request: OssRequest, size: number): { first: number; last: number } | undefined {
    const text = request.header("range");
    if (text === undefined) {
        return undefined;
    }
    const isStandard = request.header("x-oss-range-behavior") === "standard";
    const match = /^bytes=(\d{0,15})-(\d{0,15}),?$/.exec(text.trim());
    const [, from = "", to = ""] = match ?? [];
    if (match === null || (from === "" && to === "")) {
        return undefined;
    }
    const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
    const last = from === "" || to === "" ? size - 1 : Number(to);
    const isWithin = first <= last && first < size && !(from === "" && Number(to) === 0);
    if (isWithin && (last < size || isStandard)) {
        return { first, last: Math.min(last, size - 1) };
    }
    if (isStandard && (match === null || first >= size || first > last)) {
        throw new OssError("invalidRange");
    }
    return undefined;
}
