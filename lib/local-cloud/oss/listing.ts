/** Whether a name is after another in a list. Every name is after "". */
export function isAfter(name: string, after: string): boolean {
    return compareNames(name, after) > 0;
}

/** documented: lists are in the order of the names' UTF-8 bytes (ListObjectsV2). */
export function compareNames(a: string, b: string): number {
    return Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));
}

/** The part of a key up to the first delimiter behind the prefix; undefined when there is none. */
export function prefixUpTo(key: string, prefix: string, delimiter: string): string | undefined {
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}
