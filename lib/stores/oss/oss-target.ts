import type { RuleIssue } from "../../rule";
import type { StoreTarget } from "../encryption-store";
import { isAddressedByPath, withoutBrackets } from "../shared/endpoint-url";
import { invalidTarget, issuesOfTarget, refuseTarget, type TargetForm } from "../shared/target-issues";
import type { StorePlace } from "../store-family";
import { bucketNameFault } from "./bucket-name";
import { parseEndpoint, regionOfEndpoint } from "./oss-endpoint";
import { isNamedInItsEndpoints, regionFault } from "./oss-region";

/** Where the buckets of one region are reached, checked and complete. */
export interface OssTarget {
    /** The region id that requests are signed for, for instance `cn-hangzhou`. */
    readonly region: string;
    /** Scheme, host and port, for instance `https://oss-cn-hangzhou.aliyuncs.com`. */
    readonly endpoint: string;
}

const form: TargetForm = {
    bucketNameFault,
    regionFault,
    parseEndpoint,
    // Nothing follows from the endpoint for a region that is not named in its own endpoints.
    regionNamedIn: ({ hostname }, region) => (isNamedInItsEndpoints(region) ? regionOfEndpoint(hostname) : undefined),
};

/** All faults of a target at once, each at its own part. Makes no request. */
export function ossTargetIssues(target: StoreTarget): RuleIssue[] {
    return [...issuesOfTarget(target, form), ...missingEndpoint(target)];
}

/** A missing region is none of the faults: the service's answers name it. */
function missingEndpoint({ region, endpoint }: StoreTarget): RuleIssue[] {
    if (typeof region !== "string" || endpoint !== undefined) return [];
    if (regionFault(region) !== undefined || isNamedInItsEndpoints(region)) return [];
    const message = `is required, since that of the region "${region}" cannot be derived from its name`;
    return [{ code: "required", path: "endpoint", message }];
}

/**
 * Completes a target: the endpoint from the region, or the region from an Alibaba Cloud endpoint.
 * @param place with a region id or an endpoint
 * @throws UserError of kind `invalid-target`, which names every fault and what is missing
 */
export function resolveOssTarget({ region, endpoint }: StorePlace): OssTarget {
    refuseTarget(ossTargetIssues({ region, endpoint }));
    if (endpoint === undefined) {
        if (region === undefined) throw invalidTarget("neither `region` nor `endpoint` is given");
        return { region, endpoint: `https://oss-${region}.aliyuncs.com` };
    }
    const url = parseEndpoint(endpoint) as URL;
    const named = region ?? regionOfEndpoint(url.hostname);
    if (named === undefined)
        throw invalidTarget(`the endpoint "${url.host}" does not name its region, and \`region\` is not given`);
    return { region: named, endpoint: url.origin };
}

/** Whether a place names its region. A faulty one counts as naming it, so that resolving it reports the fault. */
export function namesRegion({ region, endpoint }: StorePlace): boolean {
    if (region !== undefined) return true;
    const url = endpoint === undefined ? undefined : parseEndpoint(endpoint);
    return url !== undefined && (!(url instanceof URL) || regionOfEndpoint(url.hostname) !== undefined);
}

/** Where a request goes. */
export interface RequestAddress {
    readonly protocol: string;
    readonly hostname: string;
    /** Empty for the protocol's own port. */
    readonly port: string;
    /** `/<bucket>/` where a bucket is addressed in path style, otherwise `/`. */
    readonly path: string;
}

/**
 * Addresses a bucket: virtual hosted (`https://bucket.host/`), as OSS demands of domain names, or path style
 * (`http://127.0.0.1:port/bucket/`) where no name can be put in front of the host.
 * @param bucket left out for a request about the account
 * @throws UserError of kind `invalid-target` when a bucket cannot have the name, so that none ever bends the host or path
 */
export function requestAddress(target: OssTarget, bucket: string | undefined): RequestAddress {
    const { protocol, hostname, port } = new URL(target.endpoint);
    const service = { protocol, hostname: withoutBrackets(hostname), port, path: "/" };
    if (bucket === undefined) return service;
    const fault = bucketNameFault(bucket);
    if (fault !== undefined) throw invalidTarget(fault);
    return isAddressedByPath(hostname)
        ? { ...service, path: `/${bucket}/` }
        : { ...service, hostname: `${bucket}.${hostname}` };
}
