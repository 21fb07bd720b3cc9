import { quoted, type RuleIssue } from "../../rule";
import type { StoreTarget } from "../encryption-store";
import { isAddressedByPath } from "../shared/endpoint-url";
import { bucketInEndpoint, refuseTarget, regionConflict, targetTexts } from "../shared/target-issues";
import { bucketNameFault } from "./bucket-name";
import { isAwsHost, parseEndpoint, regionOfEndpoint } from "./s3-endpoint";

/** Where buckets are reached, checked. */
export interface S3Target {
    /** The region that requests are signed for; absent where the service's answers have to tell it. */
    readonly region: string | undefined;
    /** Absent for AWS's own endpoint of the region. */
    readonly endpoint: string | undefined;
    readonly forcePathStyle: boolean;
    /** Whether removing a rule is known to remove nothing else. */
    readonly deletionIsSafe: boolean;
}

/** What is declared of a target, once its types are known to be right. */
export interface DeclaredS3Target {
    readonly region?: string | undefined;
    readonly endpoint?: string | undefined;
    readonly forcePathStyle?: boolean | undefined;
    readonly deletionIsSafe?: boolean | undefined;
}

/** Signed for by services that have no regions, and asked first where AWS has to tell a bucket's region. */
export const firstAskedRegion = "us-east-1";

/** All faults of a target at once, each at its own part. Makes no request. */
export function s3TargetIssues(target: StoreTarget): RuleIssue[] {
    const { bucket: bucketName, region: regionName, endpoint: endpointText, issues: ofTypes } = targetTexts(target);
    const issues = [...ofTypes];

    const ofBucket = bucketName === undefined ? undefined : bucketNameFault(bucketName);
    if (ofBucket !== undefined) issues.push({ code: "malformed", path: "bucket", message: ofBucket });

    const parsed = endpointText === undefined ? undefined : parseEndpoint(endpointText);
    const ofRegion = regionName === undefined ? undefined : regionFault(regionName, target.endpoint !== undefined);
    if (ofRegion !== undefined) issues.push({ code: "malformed", path: "region", message: ofRegion });
    if (parsed !== undefined && !(parsed instanceof URL)) {
        issues.push({ path: "endpoint", ...parsed });
    } else if (parsed !== undefined) {
        const issue =
            bucketInEndpoint(bucketName, parsed) ??
            regionConflict(regionName, parsed, regionOfEndpoint(parsed.hostname));
        if (issue !== undefined) issues.push(issue);
    }
    return issues;
}

/**
 * Completes a target: the region from an AWS endpoint, path style where no name fits in front of the host.
 * @throws UserError of kind `invalid-target`, which names every fault
 */
export function resolveS3Target(target: DeclaredS3Target): S3Target {
    const issues = s3TargetIssues(target);
    refuseTarget(issues);
    const { region, endpoint, forcePathStyle, deletionIsSafe = false } = target;
    if (endpoint === undefined) {
        return { region, endpoint, forcePathStyle: forcePathStyle ?? false, deletionIsSafe: true };
    }
    const url = parseEndpoint(endpoint) as URL;
    const isAws = isAwsHost(url.hostname);
    return {
        region: region ?? regionOfEndpoint(url.hostname) ?? (isAws ? undefined : firstAskedRegion),
        endpoint: url.href.replace(/\/$/, ""),
        forcePathStyle: forcePathStyle ?? isAddressedByPath(url.hostname),
        deletionIsSafe: deletionIsSafe || isAws,
    };
}

/** Whether AWS itself has the buckets; a target that is not known yet or not valid counts as AWS's own. */
export function isAwsTarget({ endpoint }: StoreTarget): boolean {
    const url = typeof endpoint === "string" ? parseEndpoint(endpoint) : undefined;
    return !(url instanceof URL) || isAwsHost(url.hostname);
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
    const advice = shape.test(meant) ? `; did you mean ${JSON.stringify(meant)}?` : "";
    return `${quoted(region, 80)} is not a region such as "eu-central-1"${advice}`;
}
