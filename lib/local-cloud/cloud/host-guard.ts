import { isIPv4 } from "node:net";

/**
 * Whether a request that names this host may be served. A page in a browser can make its own name resolve to 127.0.0.1
 * and so reach a loopback server (DNS rebinding). It cannot forge the Host header. The official SDKs send the bucket's
 * public name even to a loopback address, so names under aliyuncs.com are allowed.
 */
export function isHostAllowed(host: string | undefined): boolean {
    const name = host === undefined ? undefined : hostName(host);
    if (name === undefined) {
        return false;
    }
    return (
        name === "localhost" ||
        name === "[::1]" ||
        (isIPv4(name) && name.startsWith("127.")) ||
        name.endsWith(".localhost") ||
        name.endsWith(".aliyuncs.com")
    );
}

/** The host without its port, in lower case; undefined for a text that is no host. */
export function hostName(host: string): string | undefined {
    const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.exec(host.toLowerCase());
    return match?.[1];
}
