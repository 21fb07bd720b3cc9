import type { IncomingMessage } from "node:http";
import type { RequestBody } from "../cloud/wire";

/**
 * Reads a request's body and keeps at most `limit` bytes; a longer body is discarded, so memory stays bounded.
 * @returns undefined when the client disconnected before the end
 */
export function readRequestBody(request: IncomingMessage, limit: number): Promise<RequestBody | undefined> {
    if (Number(request.headers["content-length"] ?? 0) > limit) {
        request.resume();
        return Promise.resolve("too large");
    }
    return new Promise((resolve) => {
        let chunks: Buffer[] = [];
        let length = 0;
        request.on("data", (chunk: Buffer) => {
            length += chunk.length;
            if (length <= limit) {
                chunks.push(chunk);
            } else {
                chunks = [];
                resolve("too large");
            }
        });
        request.on("end", () => resolve(Buffer.concat(chunks, Math.min(length, limit))));
        request.on("error", () => resolve(undefined));
        request.on("close", () => resolve(undefined));
    });
}
