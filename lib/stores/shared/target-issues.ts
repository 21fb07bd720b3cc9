import { UserError } from "../../errors";
import { notYetKnown, type RuleIssue } from "../../rule";
import type { StoreTarget } from "../encryption-store";
import { isAddressedByPath } from "./endpoint-url";

/** The parts of a target that are texts, and an issue for each that is another value. */
export interface TargetTexts {
    readonly bucket: string | undefined;
    readonly region: string | undefined;
    readonly endpoint: string | undefined;
    readonly issues: readonly RuleIssue[];
}

export function targetTexts({ bucket, region, endpoint }: StoreTarget): TargetTexts {
    const issues: RuleIssue[] = [];
    const text = (path: string, value: unknown): string | undefined => {
        if (typeof value === "string") return value;
        if (value !== undefined && value !== notYetKnown) {
            issues.push({ code: "wrong-type", path, message: `must be a string; found ${kindOf(value)}` });
        }
        return undefined;
    };
    const texts = {
        bucket: text("bucket", bucket),
        region: text("region", region),
        endpoint: text("endpoint", endpoint),
    };
    return { ...texts, issues };
}

export function bucketInEndpoint(bucket: string | undefined, endpoint: URL): RuleIssue | undefined {
    if (!bucket || !endpoint.hostname.startsWith(`${bucket}.`)) return undefined;
    // In `127.0.0.1` the first number is not a bucket's name, even if a bucket is called "127".
    if (isAddressedByPath(endpoint.hostname)) return undefined;
    const rest = endpoint.host.slice(bucket.length + 1);
    const message = `the endpoint "${endpoint.host}" begins with the bucket's name, which is put there for each request; write "${endpoint.protocol}//${rest}"`;
    return { code: "malformed", path: "endpoint", message };
}

/** @param named the region that the endpoint names */
export function regionConflict(
    region: string | undefined,
    endpoint: URL,
    named: string | undefined,
): RuleIssue | undefined {
    if (region === undefined || named === undefined || named === region) return undefined;
    const message = `the region "${region}" is not the one of the endpoint "${endpoint.host}", which is "${named}"; remove one of the two, or correct one of them`;
    return { code: "conflicting", path: "region", message };
}

export function invalidTarget(what: string): UserError {
    return new UserError("invalid-target", `The bucket's address is not valid: ${what}`);
}

/** @throws UserError of kind `invalid-target`, which names every issue */
export function refuseTarget(issues: readonly RuleIssue[]): void {
    if (issues.length === 0) return;
    throw invalidTarget(issues.map(({ path, message }) => `\`${path}\`: ${message}`).join("; "));
}

function kindOf(value: unknown): string {
    return value === null ? "null" : Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
