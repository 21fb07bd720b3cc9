import { UserError } from "../../errors";
import { namesText } from "../names-text";
import type { WorkOutcome } from "./parallel-work";

/** Kinds that are not about one bucket: after several in a row, every other bucket will fail with the same kind. */
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

export function isGeneralFailure(error: unknown): boolean {
    return error instanceof UserError && generalKinds.has(error.kind);
}

/**
 * One error for all buckets that failed: for each kind the number, the names, and the message of the first.
 * @param what the buckets do not do, for instance `have the declared rule`
 * @throws any error that is not a UserError, since that is a defect
 */
export function setFailure(
    what: string,
    total: number,
    { failed, notStarted, whyNotStarted }: WorkOutcome<string>,
): UserError {
    const byKind = new Map<string, { readonly first: UserError; readonly buckets: string[] }>();
    for (const [bucket, error] of failed) {
        if (!(error instanceof UserError)) throw error;
        const group = byKind.get(error.kind);
        if (group === undefined) byKind.set(error.kind, { first: error, buckets: [bucket] });
        else group.buckets.push(bucket);
    }
    const groups = [...byKind].map(([kind, { first, buckets }]) => {
        const said = first.message.replace(/\.$/, "");
        return `${buckets.length} with ${kind} (${namesText(buckets)}): ${said}`;
    });
    if (notStarted.length > 0)
        groups.push(
            `${notStarted.length} ${notStarted.length === 1 ? "was" : "were"} not started, since ${whyNotStarted}`,
        );
    const count = failed.size + notStarted.length;
    return new UserError(
        "buckets-failed",
        `${count} of ${total} ${total === 1 ? "bucket" : "buckets"} ${count === 1 ? "does" : "do"} not ${what}: ${groups.join("; ")}`,
    );
}
