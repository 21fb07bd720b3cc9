import { UserError } from "../../errors";
import { notYetKnown, type RuleIssue } from "../../rule";
import type { StoreTarget } from "../encryption-store";
import { type EndpointFault, isAddressedByPath } from "./endpoint-url";

/** How a family reads the parts of a target. A fault is a text for people. */
export interface TargetForm {
    bucketNameFault(name: string): string | undefined;
    regionFault(region: string): string | undefined;
    parseEndpoint(text: string): URL | EndpointFault;
    /** The region that the endpoint names, if the declared one must equal it. */
    regionNamedIn(endpoint: URL, region: string): string | undefined;
}

/** All faults of a target at once, each at its own part. A part that is not known yet has none. Makes no request. */
export function issuesOfTarget(target: StoreTarget, form: TargetForm): RuleIssue[] {
    const issues: RuleIssue[] = [];
    const text = (path: keyof StoreTarget): string | undefined => {
        const value = target[path];
        if (typeof value === "string") return value;
        if (value !== undefined && value !== notYetKnown) {
            issues.push({ code: "wrong-type", path, message: `must be a string; found ${kindOf(value)}` });
        }
        return undefined;
    };
    const bucket = text("bucket");
    const region = text("region");
    const endpoint = text("endpoint");

    const bucketFault = bucket === undefined ? undefined : form.bucketNameFault(bucket);
    if (bucketFault !== undefined) issues.push({ code: "malformed", path: "bucket", message: bucketFault });

    const regionFault = region === undefined ? undefined : form.regionFault(region);
    if (regionFault !== undefined) issues.push({ code: "malformed", path: "region", message: regionFault });

    if (endpoint === undefined) return issues;
    const url = form.parseEndpoint(endpoint);
    if (!(url instanceof URL)) return [...issues, { path: "endpoint", ...url }];
    const validRegion = regionFault === undefined ? region : undefined;
    const issue = bucketInEndpoint(bucket, url) ?? regionConflict(validRegion, url, form);
    return issue === undefined ? issues : [...issues, issue];
}

/** The end of a message about a text that would be valid if it were written as `meant`. */
export function suggestion(meant: string, shape: RegExp): string {
    return shape.test(meant) ? `; did you mean ${JSON.stringify(meant)}?` : "";
}

function bucketInEndpoint(bucket: string | undefined, endpoint: URL): RuleIssue | undefined {
    if (!bucket || !endpoint.hostname.startsWith(`${bucket}.`)) return undefined;
    // In `127.0.0.1` the first number is not a bucket's name, even if a bucket is called "127".
    if (isAddressedByPath(endpoint.hostname)) return undefined;
    const rest = endpoint.host.slice(bucket.length + 1);
    const message = `the endpoint "${endpoint.host}" begins with the bucket's name, which is put there for each request; write "${endpoint.protocol}//${rest}"`;
    return { code: "malformed", path: "endpoint", message };
}

function regionConflict(region: string | undefined, endpoint: URL, form: TargetForm): RuleIssue | undefined {
    const named = region === undefined ? undefined : form.regionNamedIn(endpoint, region);
    if (named === undefined || named === region) return undefined;
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
