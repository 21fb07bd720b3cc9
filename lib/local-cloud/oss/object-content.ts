import { createHash } from "node:crypto";

/** The real limit of PutObject is 5 GB; objects here live in memory. */
export const objectLimit = 64 * 1024 * 1024;

/** documented: the ETag of a body that was sent in one piece is its MD5 (PutObject). With its quotation marks. */
export function etagOf(body: Uint8Array): string {
    return `"${createHash("md5").update(body).digest("hex").toUpperCase()}"`;
}
