import type { DeclaredProperties } from "../lifecycle";
import { notYetKnown, type RuleIssue } from "../rule";

/** How the host writes a value that only the deployment will know. */
const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties as the host hands them over. `__provider` is the host's, which puts it back into every answer by itself. */
export function fromHost({ __provider, ...properties }: DeclaredProperties): DeclaredProperties {
    return replaced(properties, unknownSentinel, notYetKnown) as DeclaredProperties;
}

export function toHost(properties: DeclaredProperties): Record<string, unknown> {
    return replaced(properties, notYetKnown, unknownSentinel) as Record<string, unknown>;
}

function replaced(value: unknown, from: unknown, to: unknown): unknown {
    if (value === from) return to;
    if (Array.isArray(value)) return value.map((item) => replaced(item, from, to));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, from, to)]));
}

/** Whether a value, or a part of it, is one that only the deployment will know. */
export function holdsUnknown(value: unknown): boolean {
    if (value === notYetKnown) return true;
    return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}

/**
 * What is wrong with a declaration, as the host takes it. No failure names its property but in its text: the pulumi command prints
 * the value of a property that is named, also of a secret, of an endpoint with a password in it, and of one with 50,000 buckets.
 */
export function checkFailures(issues: readonly RuleIssue[]): { readonly property: string; readonly reason: string }[] {
    return issues.map(({ path, message }) => ({ property: "", reason: `${path}: ${message}` }));
}
