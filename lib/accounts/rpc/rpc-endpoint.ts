/** Whether credentials may be shown to an endpoint: over TLS, or over plain HTTP on loopback alone. */
export function isSafeEndpoint(endpoint: string): boolean {
    if (!URL.canParse(endpoint)) return false;
    const { protocol, hostname } = new URL(endpoint);
    return protocol === "https:" || (protocol === "http:" && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname));
}
