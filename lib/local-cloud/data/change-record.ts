import { crc32 } from "node:zlib";
import type { Change } from "../cloud/change";

/**
 * A change in a file: four numbers of 32 bits (length of the head, length of the body, checksum of these two, checksum of
 * head and body), the head as JSON, the body as it is.
 */
export function encodeChange({ table, key, value, body = new Uint8Array() }: Change): Buffer {
    const head = Buffer.from(JSON.stringify({ table, key, value }), "utf8");
    const prefix = Buffer.alloc(prefixBytes);
    prefix.writeUInt32LE(head.byteLength, 0);
    prefix.writeUInt32LE(body.byteLength, 4);
    prefix.writeUInt32LE(crc32(prefix.subarray(0, 8)), 8);
    prefix.writeUInt32LE(crc32(body, crc32(head)), 12);
    return Buffer.concat([prefix, head, body]);
}

/**
 * Reads the change at an offset.
 * @returns "torn" for the beginning of a record that was never finished, "damaged" for anything else
 */
export function decodeChange(bytes: Buffer, offset: number): { change: Change; end: number } | "torn" | "damaged" {
    const rest = bytes.subarray(offset);
    if (rest.byteLength < prefixBytes || isZero(rest)) {
        return "torn";
    }
    if (crc32(rest.subarray(0, 8)) !== rest.readUInt32LE(8)) {
        return "damaged";
    }
    const headEnd = prefixBytes + rest.readUInt32LE(0);
    const end = headEnd + rest.readUInt32LE(4);
    if (end > rest.byteLength) {
        return "torn";
    }
    const head = rest.subarray(prefixBytes, headEnd);
    const body = rest.subarray(headEnd, end);
    if (crc32(body, crc32(head)) !== rest.readUInt32LE(12)) {
        return end === rest.byteLength ? "torn" : "damaged";
    }
    const change = JSON.parse(head.toString("utf8")) as Change;
    return { change: body.byteLength === 0 ? change : { ...change, body: Buffer.from(body) }, end: offset + end };
}

const prefixBytes = 16;

/** A file system can leave zeros at a file's end when the power fails. */
function isZero(bytes: Buffer): boolean {
    return bytes.every((byte) => byte === 0);
}
