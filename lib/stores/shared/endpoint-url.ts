import { isIP } from "node:net";
import { quoted, type RuleIssue } from "../../rule";

export type EndpointFault = Pick<RuleIssue, "code" | "message">;

/** What an endpoint of a family looks like. */
export interface EndpointForm {
    readonly example: string;
    /** Whether a path may follow the host. */
    readonly mayHavePath: boolean;
}

/**
 * Reads an endpoint as a user writes it: a URL, or a host without a scheme, which means HTTPS. Plain HTTP is accepted on loopback
 * only, since a rule sent in the clear can be replaced. A fault's message quotes scheme and host only: the rest of a pasted URL can
 * hold a password or a signature.
 */
export function parseEndpointUrl(text: string, { example, mayHavePath }: EndpointForm): URL | EndpointFault {
    const malformed = (message: string): EndpointFault => ({ code: "malformed", message });
    const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
    // URL drops blanks, what cannot be seen and slashes before the host, and turns backslashes into slashes, without an error.
    if (/^$|^\/|[\s\\\p{C}]/u.test(text) || !URL.canParse(withScheme)) {
        return malformed(`the endpoint is not a URL such as "${example}"`);
    }
    const url = new URL(withScheme);
    const given = JSON.stringify(`${url.protocol}//${url.host}`);
    if (url.protocol !== "https:" && url.protocol !== "http:") {
        return malformed(`the endpoint has the scheme ${url.protocol.slice(0, -1)}; allowed is https`);
    }
    if (url.username !== "" || url.password !== "") {
        return malformed(
            `the endpoint ${given} contains a user name or password; an endpoint must not contain credentials`,
        );
    }
    // URL maps letters of other scripts, some of which look like Latin ones, to a host of another name.
    const host = withScheme.slice(withScheme.indexOf("//") + 2).replace(/[/?#].*$/s, "");
    if (/[^\x20-\x7e]/.test(host)) {
        return malformed(
            `the endpoint's host ${quoted(host)} has other characters than ASCII; its name is "${url.host}"`,
        );
    }
    if ((!mayHavePath && url.pathname !== "/") || /[?#]/.test(text)) {
        const found = mayHavePath ? "a query or fragment" : "a path, query or fragment";
        const allowed = mayHavePath ? "a host, port and path" : "a host and a port";
        return malformed(`the endpoint ${given} is followed by ${found}; only ${allowed} may be given`);
    }
    if (url.protocol === "http:" && !isLoopback(url.hostname)) {
        return {
            code: "not-allowed",
            message: `the endpoint ${given} is plain HTTP, which is allowed on loopback only; write "https://${url.host}"`,
        };
    }
    return url;
}

/** The one form of an endpoint in comparisons. */
export function endpointText(url: URL): string {
    return url.href.replace(/\/$/, "");
}

/** Whether buckets are addressed by path there: no bucket's name can be put in front of an IP address or `localhost`. */
export function isAddressedByPath(hostname: string): boolean {
    return hostname === "localhost" || isIP(withoutBrackets(hostname)) !== 0;
}

/** An IPv6 address as Node's sockets want it; a URL writes it in brackets. */
export function withoutBrackets(hostname: string): string {
    return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

function isLoopback(hostname: string): boolean {
    const address = withoutBrackets(hostname);
    return address === "localhost" || address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}
