import type { PolicyConfigSchema } from "@pulumi/policy";
import { matchesPattern } from "../text";
import type { Foreseen } from "./encryption-site";
import { urnParts } from "./resource-types";

/** Exempts resources from a policy, for a reason and a time. All of `bucket`, `resource` and `urn` that are given must match; `*` is any text. */
export interface PolicyException {
    readonly bucket?: string;
    /** The resource's name in the stack. */
    readonly resource?: string;
    readonly urn?: string;
    readonly reason: string;
    /** The last day on which it applies, in UTC, such as `2026-12-31`. */
    readonly until: string;
}

export const exceptionsSchema: PolicyConfigSchema["properties"] = {
    exceptions: {
        type: "array",
        description: "Exemptions from this policy, each with a reason and the last day on which it applies.",
        default: [],
        items: {
            type: "object",
            required: ["reason", "until"],
            minProperties: 3,
            additionalProperties: false,
            properties: {
                bucket: { type: "string", minLength: 1, description: "The bucket's name; * is any text." },
                resource: { type: "string", minLength: 1, description: "The resource's name in the stack." },
                urn: { type: "string", minLength: 1, description: "The resource's URN; * is any text." },
                reason: { type: "string", minLength: 1, description: "Why it is exempt." },
                until: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "The last day, in UTC." },
            },
        },
    },
};

export interface ExceptionSubject {
    readonly urn: string;
    readonly bucket: Foreseen<string | undefined>;
}

/** Whether an exemption covers a resource today; `ended` when all that would have ended. */
export type Coverage =
    | { readonly state: "none" }
    | { readonly state: "covered" }
    | { readonly state: "ended"; readonly exception: PolicyException };

export function coverage(exceptions: readonly PolicyException[], subject: ExceptionSubject, now: Date): Coverage {
    const usable = exceptions.filter((exception) => exceptionFault(exception) === undefined);
    const matching = usable.filter((exception) => isAbout(exception, subject));
    const today = now.toISOString().slice(0, 10);
    if (matching.some(({ until }) => until >= today)) return { state: "covered" };
    const [exception] = [...matching].sort((a, b) => b.until.localeCompare(a.until));
    return exception === undefined ? { state: "none" } : { state: "ended", exception };
}

function isAbout({ bucket, resource, urn }: PolicyException, subject: ExceptionSubject): boolean {
    const name = typeof subject.bucket === "string" ? subject.bucket : undefined;
    return (
        (bucket === undefined || (name !== undefined && matchesPattern(name, bucket))) &&
        (resource === undefined || matchesPattern(urnParts(subject.urn).name, resource)) &&
        (urn === undefined || matchesPattern(subject.urn, urn))
    );
}

/** Why an exemption has no effect; undefined when it is valid. */
export function exceptionFault(exception: PolicyException): string | undefined {
    const { bucket, resource, urn, reason, until } = (exception ?? {}) as Partial<PolicyException>;
    if (![bucket, resource, urn].some((pattern) => typeof pattern === "string" && pattern !== ""))
        return "names neither a bucket, nor a resource, nor a URN";
    if (typeof reason !== "string" || reason.trim() === "") return "has no reason";
    if (typeof until !== "string" || !isDay(until)) return 'has no day as "until", such as 2026-12-31';
    return undefined;
}

function isDay(text: string): boolean {
    const time = Date.parse(`${text}T00:00:00Z`);
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
