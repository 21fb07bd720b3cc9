import { isIP } from "node:net";
import type { RuleIssue } from "../../rule";

type EndpointFault = Pick<RuleIssue, "code" | "message">;

/**
 * Reads an endpoint as a user writes it: a URL, or a host without a scheme, which means HTTPS. Plain HTTP is accepted on
 * loopback only, since a rule sent in the clear can be replaced. A fault's message quotes no more than scheme and host: the
 * rest of a pasted URL can hold a password or a signature.
 */
export function parseEndpoint(text: string): URL | EndpointFault {
    const malformed = (message: string): EndpointFault => ({ code: "malformed", message });
    const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
    // URL would quietly drop blanks and turn backslashes into slashes.
    if (text === "" || /[\s\\]/.test(text) || !URL.canParse(withScheme)) {
        return malformed('the endpoint is not a URL such as "https://s3.eu-central-1.amazonaws.com"');
    }
    const url = new URL(withScheme);
    const quoted = JSON.stringify(`${url.protocol}//${url.host}`);
    if (url.protocol !== "https:" && url.protocol !== "http:") {
        return malformed(`the endpoint has the scheme ${url.protocol.slice(0, -1)}; allowed is https`);
    }
    if (url.username !== "" || url.password !== "") {
        return malformed(`the endpoint ${quoted} comes with a user name or password; credentials never go into it`);
    }
    if (/[?#]/.test(text)) {
        return malformed(
            `the endpoint ${quoted} is followed by a query or fragment; only a host, port and path may be given`,
        );
    }
    if (url.protocol === "http:" && !isLoopback(url.hostname)) {
        return {
            code: "not-allowed",
            message: `the endpoint ${quoted} is plain HTTP, which is allowed on loopback only; write "https://${url.host}"`,
        };
    }
    if (/(^|\.)aliyuncs\.com(\.cn)?$/.test(url.hostname)) {
        return {
            code: "not-allowed",
            message: `the endpoint "${url.hostname}" is Alibaba Cloud's, which offers no bucket encryption over the S3 API; leave out \`store\`, or set it to "oss"`,
        };
    }
    return url;
}

const domains =
    "amazonaws\\.com(?:\\.cn)?|amazonaws\\.eu|c2s\\.ic\\.gov|sc2s\\.sgov\\.gov|cloud\\.adc-e\\.uk|csp\\.hci\\.ic\\.gov";
const region = "[a-z]{2,4}(?:-[a-z]+)+-\\d+";
// Below amazonaws.com are also other people's servers (load balancers, instances), so all of the name is looked at.
const awsHost = new RegExp(
    `^(?:.+\\.)?s3(?:-fips|-accelerate)?(?:\\.dualstack)?(?:[.-](?<region>${region})|-external-1)?(?:\\.vpce)?\\.(?:${domains})$`,
);

/**
 * Whether AWS itself answers there.
 * Source: https://docs.aws.amazon.com/general/latest/gr/s3.html
 */
export function isAwsHost(hostname: string): boolean {
    return awsHost.test(hostname);
}

/** The region that an AWS endpoint names. */
export function regionOfEndpoint(hostname: string): string | undefined {
    return awsHost.exec(hostname)?.groups?.region;
}

/** Whether a bucket's name can't be put in front of the host. */
export function isAddressedByPath(hostname: string): boolean {
    return hostname === "localhost" || isIP(withoutBrackets(hostname)) !== 0;
}

function isLoopback(hostname: string): boolean {
    const address = withoutBrackets(hostname);
    return address === "localhost" || address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}

function withoutBrackets(hostname: string): string {
    return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}
