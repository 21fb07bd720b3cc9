import { type EndpointFault, endpointText, parseEndpointUrl } from "../shared/endpoint-url";
import type { ServicePlace } from "../store-family";
import { isNamedInItsEndpoints, regionFault } from "./oss-region";

/** The region that is asked first when nothing names the bucket's region: the oldest one. */
export const firstAskedRegion = "cn-hangzhou";

/** As a user writes it, see `parseEndpointUrl`. An endpoint that begins with a bucket's name is a fault. */
export function parseEndpoint(text: string): URL | EndpointFault {
    const url = parseEndpointUrl(text, { example: "https://oss-cn-hangzhou.aliyuncs.com", mayHavePath: false });
    return url instanceof URL ? (hostFault(url.hostname) ?? url) : url;
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

/** See `StoreFamily.serviceAt`. An endpoint that is not valid stays as it is. */
export function ossServiceAt({ endpoint }: ServicePlace): string {
    if (endpoint === undefined) return "Alibaba Cloud";
    const url = parseEndpoint(endpoint);
    if (!(url instanceof URL)) return endpoint;
    return /\.aliyuncs\.com$/.test(url.hostname) ? "Alibaba Cloud" : endpointText(url);
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
