import { OssError } from "./errors";
import type { OssRequest } from "./oss-request";

/** documented: GetService, ListObjectsV2. */
const longestPage = 1000;

/**
 * A page size from the query.
 * documented: 1 to 1000; else InvalidArgument with the argument's name.
 */
export function readCount(request: OssRequest, name: string, byDefault: number): number {
    const text = request.query.get(name);
    if (text === undefined || text === "") {
        return byDefault;
    }
    const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > longestPage) {
        throw new OssError(
            "invalidArgument",
            [
                ["ArgumentName", name],
                ["ArgumentValue", text],
            ],
            `Argument ${name} must be an integer between 1 and ${longestPage}.`,
        );
    }
    return count;
}

/**
 * A name from the query, "" when it is absent. documented: prefixes, markers and delimiters have at most 1,024 bytes; verified:
 * InvalidArgument for a longer one (live test of oss2, tests/test_bucket_versioning.py).
 */
export function readName(request: OssRequest, name: string): string {
    const text = request.query.get(name) ?? "";
    if (Buffer.byteLength(text, "utf8") > 1024) {
        throw new OssError("invalidArgument", [
            ["ArgumentName", name],
            ["ArgumentValue", text],
        ]);
    }
    return text;
}

/** verified with oss2, which reads no other form: ISO 8601 in whole seconds, with `.000Z` behind. */
export function apiTime(milliseconds: number): string {
    return `${new Date(milliseconds).toISOString().slice(0, 19)}.000Z`;
}

/** Encodes names in a list. documented: encoding-type, of which `url` is the only one (ListObjectsV2). */
export function readEncoding(request: OssRequest): (text: string) => string {
    const type = request.query.get("encoding-type");
    if (type === undefined) {
        return (text) => text;
    }
    if (type !== "url") {
        throw new OssError("invalidArgument", [
            ["ArgumentName", "encoding-type"],
            ["ArgumentValue", type],
        ]);
    }
    return encodeURIComponent;
}
