import { UserError } from "../../errors";
import type { WorkOutcome } from "./parallel-work";

/** Kinds that say nothing of one bucket: whoever meets one of them in a row will meet it with every bucket. */
const generalKinds: ReadonlySet<string> = new Set([
    "throttled",
    "service-unavailable",
    "unreachable",
    "no-credentials",
    "role-not-assumed",
    "credentials-rejected",
    "clock-skew",
    "account-not-known",
    "wrong-account",
    "request-cancelled",
    "cancelled",
]);

const mostNamed = 10;

export function isGeneralFailure(error: unknown): boolean {
    return error instanceof UserError && generalKinds.has(error.kind);
}

/**
 * One error for all buckets that failed: how many by which kind, and the first of each by name with what was said.
 * @param what was to be done, for instance `have the declared rule`
 * @throws what is no error of ours, since that is a defect
 */
export function setFailure(
    what: string,
    total: number,
    { failed, notBegun, whyNotBegun }: WorkOutcome<string>,
): UserError {
    const byKind = new Map<string, [bucket: string, error: UserError][]>();
    for (const [bucket, error] of failed) {
        if (!(error instanceof UserError)) throw error;
        byKind.set(error.kind, [...(byKind.get(error.kind) ?? []), [bucket, error]]);
    }
    const groups = [...byKind].map(([kind, entries]) => {
        const [[, first] = []] = entries;
        const said = first?.message.replace(/\.$/, "");
        return `${entries.length} with ${kind} (${namesText(entries.map(([bucket]) => bucket))}): ${said}`;
    });
    if (notBegun.length > 0) groups.push(`${notBegun.length} weren't begun, since ${whyNotBegun}`);
    const count = failed.size + notBegun.length;
    return new UserError("buckets-failed", `${count} of ${total} buckets don't ${what}: ${groups.join("; ")}`);
}

/** Names for a message: all of few, the first of many. */
export function namesText(names: readonly string[]): string {
    const named = names.slice(0, mostNamed).join(", ");
    return names.length > mostNamed ? `${named} and ${names.length - mostNamed} more` : named;
}
