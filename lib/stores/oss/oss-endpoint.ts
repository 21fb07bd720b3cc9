import { isIP } from "node:net";
import type { RuleIssue } from "../../rule";
import { isNamedInItsEndpoints, regionFault } from "./oss-region";

type EndpointFault = Pick<RuleIssue, "code" | "message">;

/**
 * Reads an endpoint as a user writes it: a URL, or a host without a scheme, which means HTTPS. What it may hold is a
 * scheme, a host and a port; plain HTTP is accepted on loopback only, since a rule sent in the clear can be replaced.
 * A fault's message quotes no more than scheme and host: the rest of a pasted URL can hold a password or a signature.
 */
export function parseEndpoint(text: string): URL | EndpointFault {
    const malformed = (message: string): EndpointFault => ({ code: "malformed", message });
    const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
    // URL would quietly drop blanks and turn backslashes into slashes.
    if (text === "" || /[\s\\]/.test(text) || !URL.canParse(withScheme)) {
        return malformed('the endpoint is not a URL such as "https://oss-cn-hangzhou.aliyuncs.com"');
    }
    const url = new URL(withScheme);
    const quoted = JSON.stringify(`${url.protocol}//${url.host}`);
    if (url.protocol !== "https:" && url.protocol !== "http:") {
        return malformed(`the endpoint has the scheme ${url.protocol.slice(0, -1)}; allowed is https`);
    }
    if (url.username !== "" || url.password !== "") {
        return malformed(`the endpoint ${quoted} comes with a user name or password; credentials never go into it`);
    }
    if (url.pathname !== "/" || /[?#]/.test(text)) {
        return malformed(
            `the endpoint ${quoted} is followed by a path, query or fragment; only a host and a port may be given`,
        );
    }
    if (url.protocol === "http:" && !isLoopback(url.hostname)) {
        return {
            code: "not-allowed",
            message: `the endpoint ${quoted} is plain HTTP, which is allowed on loopback only; write "https://${url.host}"`,
        };
    }
    return hostFault(url.hostname) ?? url;
}

/** The region that an Alibaba Cloud endpoint names: public, `-internal`, the old `vpc100-` form, or dual-stack. */
export function regionOfEndpoint(hostname: string): string | undefined {
    const name =
        /^(?:vpc100-)?oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(hostname)?.[1] ??
        /^([a-z0-9-]+?)(?:-internal)?\.oss\.aliyuncs\.com$/.exec(hostname)?.[1];
    // An acceleration endpoint (oss-accelerate, oss-accelerate-overseas) serves all regions and names none.
    return name !== undefined && regionFault(name) === undefined && isNamedInItsEndpoints(name) ? name : undefined;
}

/** As `regionOfEndpoint`, of an endpoint as a user or a service writes it. */
export function regionNamedBy(endpoint: string): string | undefined {
    const url = parseEndpoint(endpoint);
    return url instanceof URL ? regionOfEndpoint(url.hostname) : undefined;
}

/** Whether OSS is addressed by path there: a bucket's name can't be put in front of an IP address or `localhost`. */
export function isAddressedByPath(hostname: string): boolean {
    return hostname === "localhost" || isIP(withoutBrackets(hostname)) !== 0;
}

function hostFault(hostname: string): EndpointFault | undefined {
    const [first = "", ...rest] = hostname.split(".");
    const parent = rest.join(".");
    if (first === "s3" && regionOfEndpoint(parent) !== undefined) {
        const message = `the endpoint "${hostname}" speaks the S3 protocol; write "https://${parent}"`;
        return { code: "malformed", message };
    }
    if (
        /^oss-accelerate(-overseas)?\.aliyuncs\.com$|^(vpc100-)?oss-.*\.aliyuncs\.com$|\.oss\.aliyuncs\.com$/.test(
            parent,
        )
    ) {
        const message = `the endpoint "${hostname}" begins with a bucket's name, which is put there for each request; write "https://${parent}"`;
        return { code: "malformed", message };
    }
    return undefined;
}

function isLoopback(hostname: string): boolean {
    const address = withoutBrackets(hostname);
    return address === "localhost" || address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}

/** An IPv6 address as Node's sockets want it; a URL writes it in brackets. */
export function withoutBrackets(hostname: string): string {
    return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}
