/** documented: Bucket naming (doc 185228), 3 to 63 of a-z, 0-9 and hyphens, first and last a letter or digit. */
export const bucketNamePattern = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** A region in a signature's scope (`cn-hangzhou`); `oss-cn-hangzhou` is a location, not a region. */
export const regionIdPattern = /^(?!oss-)[a-z]{2,}(-[a-z0-9]+)+$/;

export function locationOf(region: string): string {
    return `oss-${region}`;
}

export function publicEndpointOf(region: string): string {
    return `oss-${region}.aliyuncs.com`;
}

export function internalEndpointOf(region: string): string {
    return `oss-${region}-internal.aliyuncs.com`;
}

/**
 * The region that an endpoint's own label names: `oss-cn-hangzhou`, `oss-cn-hangzhou-internal`, and `cn-hangzhou`, which
 * ali-oss makes of an option without the prefix (verified with ali-oss 6.23). Undefined for `oss-accelerate` and others
 * that serve several regions.
 */
export function regionOfEndpointLabel(label: string): string | undefined {
    const region = label.replace(/^oss-/, "").replace(/-internal$/, "");
    return regionIdPattern.test(region) && !region.startsWith("accelerate") ? region : undefined;
}

/**
 * documented: object names are 1 to 1,023 bytes of UTF-8 and do not begin with / or \ (Object naming).
 * verified: InvalidObjectName for a leading backslash in the live tests of oss2 (tests/test_object.py).
 */
export function isObjectName(key: string): boolean {
    return !/^[/\\]/.test(key) && Buffer.byteLength(key, "utf8") <= 1023;
}

/** assumed: a key's id, alias or ARN is printable ASCII, since it travels in a header too. */
export const kmsKeyIdPattern = /^[!-~]{1,512}$/;
