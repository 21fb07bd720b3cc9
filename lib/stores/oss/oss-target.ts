import type { RuleIssue } from "../../rule";
import type { StoreTarget } from "../encryption-store";
import { isAddressedByPath, withoutBrackets } from "../shared/endpoint-url";
import { bucketInEndpoint, invalidTarget, refuseTarget, regionConflict, targetTexts } from "../shared/target-issues";
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

/** All faults of a target at once, each at its own part. Makes no request. */
export function ossTargetIssues(target: StoreTarget): RuleIssue[] {
    const { region, endpoint } = target;
    const { bucket: bucketName, region: regionId, endpoint: endpointText, issues: ofTypes } = targetTexts(target);
    const issues = [...ofTypes];

    const ofBucket = bucketName === undefined ? undefined : bucketNameFault(bucketName);
    if (ofBucket !== undefined) issues.push({ code: "malformed", path: "bucket", message: ofBucket });

    const ofRegion = regionId === undefined ? undefined : regionFault(regionId);
    if (ofRegion !== undefined) issues.push({ code: "malformed", path: "region", message: ofRegion });

    const parsed = endpointText === undefined ? undefined : parseEndpoint(endpointText);
    if (parsed !== undefined && !(parsed instanceof URL)) {
        issues.push({ path: "endpoint", ...parsed });
    } else if (parsed !== undefined) {
        const issue =
            bucketInEndpoint(bucketName, parsed) ??
            (ofRegion === undefined ? regionConflict(regionId, parsed, regionNamedIn(parsed, regionId)) : undefined);
        if (issue !== undefined) issues.push(issue);
    }
    if (region === undefined || endpoint === undefined) issues.push(...incompleteness(regionId, endpoint));
    return issues;
}

/**
 * What is missing where one part is left out and cannot be derived from the other. A part that is not known yet is not missing,
 * and neither is the region, which the service's answers tell.
 */
function incompleteness(region: string | undefined, endpoint: unknown): RuleIssue[] {
    if (
        region !== undefined &&
        endpoint === undefined &&
        regionFault(region) === undefined &&
        !isNamedInItsEndpoints(region)
    ) {
        const message = `is required, since that of the region "${region}" cannot be derived from its name`;
        return [{ code: "required", path: "endpoint", message }];
    }
    return [];
}

/**
 * Completes a target: the endpoint from the region, or the region from an Alibaba Cloud endpoint.
 * @param target region id and endpoint as declared; at least one of them
 * @throws UserError of kind `invalid-target`, which names every fault and what is missing
 */
export function resolveOssTarget(target: { region?: string | undefined; endpoint?: string | undefined }): OssTarget {
    const issues = ossTargetIssues(target);
    refuseTarget(issues);
    const { region, endpoint } = target;
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

/** Whether a target names its region. A faulty target counts as naming one, so that resolving it reports the fault. */
export function tellsRegion({
    region,
    endpoint,
}: {
    region?: string | undefined;
    endpoint?: string | undefined;
}): boolean {
    if (region !== undefined) return true;
    const url = endpoint === undefined ? undefined : parseEndpoint(endpoint);
    return url !== undefined && (!(url instanceof URL) || regionOfEndpoint(url.hostname) !== undefined);
}

/** Where one bucket is addressed. */
export interface BucketAddress {
    readonly protocol: string;
    readonly hostname: string;
    /** Empty for the protocol's own port. */
    readonly port: string;
    /** `/` for virtual hosted addressing, `/<bucket>/` for path style. */
    readonly path: string;
}

/**
 * Addresses a bucket: virtual hosted (`https://bucket.host/`), as OSS demands of domain names, or path style
 * (`http://127.0.0.1:port/bucket/`) where no name can be put in front of the host.
 * @throws UserError of kind `invalid-target` when a bucket cannot have the name, so that none ever bends the host or path
 */
export function bucketAddress(target: OssTarget, bucket: string): BucketAddress {
    const fault = bucketNameFault(bucket);
    if (fault !== undefined) throw invalidTarget(fault);
    const { protocol, hostname, port } = new URL(target.endpoint);
    return isAddressedByPath(hostname)
        ? { protocol, hostname: withoutBrackets(hostname), port, path: `/${bucket}/` }
        : { protocol, hostname: `${bucket}.${hostname}`, port, path: "/" };
}

/** Where the requests go that are about the account and no bucket. */
export function serviceAddress(target: OssTarget): BucketAddress {
    const { protocol, hostname, port } = new URL(target.endpoint);
    return { protocol, hostname: withoutBrackets(hostname), port, path: "/" };
}

/** Nothing follows from the endpoint for a region that is not named in its own endpoints. */
function regionNamedIn({ hostname }: URL, region: string | undefined): string | undefined {
    return region !== undefined && isNamedInItsEndpoints(region) ? regionOfEndpoint(hostname) : undefined;
}
