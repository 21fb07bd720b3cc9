import { OssError } from "../errors";
import type { OssRequest } from "../oss-request";
import type { PresentedV1, PresentedV4 } from "./presented-credentials";

const maxSkewMs = 15 * 60 * 1000;
const maxExpiresSeconds = 604_800;

/**
 * Step 3: checks the time of the signature.
 * @returns the time as the client wrote it, since that text is what was signed
 */
export function checkRequestTime(request: OssRequest, presented: PresentedV1 | PresentedV4, now: number): string {
    if (presented.expires === undefined) {
        return checkSkew(request, presented, now);
    }
    return presented.kind === "v1" ? checkV1Expires(presented.expires, now) : checkV4Expires(request, presented, now);
}

/**
 * verified: x-oss-date takes precedence over Date; aliyun-oss-go-sdk sends and signs only Date in RFC 1123 form even with V4,
 * ali-oss sends x-oss-date in RFC 1123 form with V1.
 */
function checkSkew(request: OssRequest, presented: PresentedV1 | PresentedV4, now: number): string {
    const text = request.header("x-oss-date") ?? request.header("date");
    const time = text === undefined ? undefined : readTime(text);
    if (text === undefined || time === undefined) {
        throw new OssError("noValidDate");
    }
    if (Math.abs(now - time) > maxSkewMs) {
        throw new OssError("requestTimeTooSkewed", [
            ["MaxAllowedSkewMilliseconds", String(maxSkewMs)],
            ["RequestTime", new Date(time).toISOString()],
            ["ServerTime", new Date(now).toISOString()],
        ]);
    }
    if (presented.kind === "v4") {
        checkScopeDate(presented, time);
    }
    return text;
}

function checkV1Expires(expires: string, now: number): string {
    if (!/^\d{1,12}$/.test(expires)) {
        throw new OssError("invalidArgument", [], "Expires must be a number of seconds since the epoch.");
    }
    if (Number(expires) * 1000 < now) {
        throw new OssError("requestExpired", expiry(Number(expires) * 1000, now));
    }
    return expires;
}

function checkV4Expires(request: OssRequest, presented: PresentedV4, now: number): string {
    const text = request.query.get("x-oss-date") ?? "";
    const time = readTime(text);
    if (time === undefined) {
        throw new OssError("noValidDate");
    }
    checkScopeDate(presented, time);
    const seconds = /^\d{1,6}$/.test(presented.expires ?? "") ? Number(presented.expires) : 0;
    if (seconds < 1 || seconds > maxExpiresSeconds) {
        throw new OssError("invalidExpires");
    }
    const end = time + seconds * 1000;
    if (end < now) {
        throw new OssError("requestExpired", expiry(end, now));
    }
    return text;
}

/** assumed: a scope of another day than the request's is the documented invalid date of the scope. */
function checkScopeDate(presented: PresentedV4, time: number): void {
    if (new Date(time).toISOString().slice(0, 10).replaceAll("-", "") !== presented.scope.date) {
        throw new OssError("invalidSigningDate");
    }
}

function expiry(end: number, now: number): [string, string][] {
    return [
        ["Expires", new Date(end).toISOString()],
        ["ServerTime", new Date(now).toISOString()],
    ];
}

/** ISO 8601 basic (`20231216T162057Z`) or RFC 1123 (`Wed, 28 Dec 2022 10:27:41 GMT`). */
function readTime(text: string): number | undefined {
    const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
    if (basic !== null) {
        const [, year, month, day, hour, minute, second] = basic;
        return known(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`));
    }
    return /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)
        ? known(Date.parse(text))
        : undefined;
}

function known(time: number): number | undefined {
    return Number.isNaN(time) ? undefined : time;
}
