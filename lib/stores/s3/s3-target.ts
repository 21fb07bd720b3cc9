import { quoted, type RuleIssue } from "../../rule";
import type { StoreTarget } from "../encryption-store";
import { endpointText, isAddressedByPath } from "../shared/endpoint-url";
import { issuesOfTarget, refuseTarget, suggestion } from "../shared/target-issues";
import type { ServicePlace, StorePlace } from "../store-family";
import { bucketNameFault } from "./bucket-name";
import { isAwsHost, parseEndpoint, regionOfEndpoint } from "./s3-endpoint";

/** Where buckets are reached, checked. */
export interface S3Target {
    /** The region that requests are signed for; absent if the service's answers name it. */
    readonly region: string | undefined;
    /** Absent for AWS's own endpoint of the region. */
    readonly endpoint: string | undefined;
    readonly forcePathStyle: boolean;
    /** Whether removing a rule is known to remove nothing else. */
    readonly deletionIsSafe: boolean;
}

/** Requests are signed for it if a service has no regions, and it is asked first if AWS's answers name a bucket's region. */
export const firstAskedRegion = "us-east-1";

/** All faults of a target at once, each at its own part. Makes no request. */
export function s3TargetIssues(target: StoreTarget): RuleIssue[] {
    return issuesOfTarget(target, {
        bucketNameFault,
        regionFault: (region) => regionFault(region, target.endpoint !== undefined),
        parseEndpoint,
        regionNamedIn: ({ hostname }) => regionOfEndpoint(hostname),
    });
}

/**
 * Completes a target: the region from an AWS endpoint, path style where no name fits in front of the host.
 * @throws UserError of kind `invalid-target`, which names every fault
 */
export function resolveS3Target(place: StorePlace): S3Target {
    refuseTarget(s3TargetIssues(place));
    const { region, endpoint, forcePathStyle, deletionIsSafe = false } = place;
    if (endpoint === undefined) {
        return { region, endpoint, forcePathStyle: forcePathStyle ?? false, deletionIsSafe: true };
    }
    const url = parseEndpoint(endpoint) as URL;
    const isAws = isAwsHost(url.hostname);
    return {
        region: region ?? regionOfEndpoint(url.hostname) ?? (isAws ? undefined : firstAskedRegion),
        endpoint: endpointText(url),
        forcePathStyle: forcePathStyle ?? isAddressedByPath(url.hostname),
        deletionIsSafe: deletionIsSafe || isAws,
    };
}

/** Whether AWS itself has the buckets; a target that is not known yet or not valid counts as AWS's own. */
export function isAwsTarget({ endpoint }: StoreTarget): boolean {
    const url = typeof endpoint === "string" ? parseEndpoint(endpoint) : undefined;
    return !(url instanceof URL) || isAwsHost(url.hostname);
}

/**
 * See `StoreFamily.serviceAt`. Each partition of AWS is a service, since two may have a bucket of one name. An endpoint that is not valid
 * stays as it is.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function s3ServiceAt({ region = "", endpoint }: ServicePlace): string {
    const url = endpoint === undefined ? undefined : parseEndpoint(endpoint);
    if (url !== undefined && !(url instanceof URL)) return endpoint ?? "";
    if (url !== undefined && !isAwsHost(url.hostname)) return endpointText(url);
    const named = url === undefined ? region : (regionOfEndpoint(url.hostname) ?? region);
    const partition = /^(?:cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)(?=-)/.exec(named);
    return partition === null ? "AWS" : `AWS ${partition[0]}`;
}

/** AWS's regions have a shape; other services call theirs what they like. */
function regionFault(region: string, isElsewhere: boolean): string | undefined {
    const shape = isElsewhere ? /^[a-z0-9][a-z0-9_-]{0,62}$/i : /^[a-z]{2,4}(-[a-z]+)+-\d+$/;
    if (shape.test(region)) return undefined;
    const meant = region
        .trim()
        .toLowerCase()
        .replaceAll(/[_ ]+/g, "-")
        .replace(/[a-z]$/, "");
    return `${quoted(region, 80)} is not a region such as "eu-central-1"${suggestion(meant, shape)}`;
}
