import { type ErrorKind, UserError, warningOf } from "../errors";
import type { RuleIssue } from "../rule";
import { namesText } from "./names-text";

/** What a preview does about a bucket whose rule it could not read. */
export type UnreadOutcome = "error" | "warning" | "notice";

/**
 * What a preview does about each kind of failed reading. With `error` no deployment of the same declaration with the same credentials
 * can succeed. With `warning` one may: rights, networks and services change, and the right to write may exist without the right to read.
 * A bucket that does not exist may be created by the same program. Every other kind is a warning.
 */
const outcomes: Partial<Record<ErrorKind, UnreadOutcome>> = {
    "no-credentials": "error",
    "credentials-rejected": "error",
    "clock-skew": "error",
    "missing-package": "error",
    "invalid-target": "error",
    "invalid-settings": "error",
    "wrong-endpoint": "error",
    "invalid-answer": "error",
    "not-supported": "error",
    "bucket-not-found": "notice",
};

export function unreadOutcome(kind: ErrorKind): UnreadOutcome {
    return outcomes[kind] ?? "warning";
}

/** Reports readings of previews that failed, grouped by reason: the full text once, and the other buckets by name. */
export class UnreadRules {
    readonly #tell: (text: string) => void;
    /** The first bucket of each reason. */
    readonly #first = new Map<string, string>();

    constructor(tell: (text: string) => void) {
        this.#tell = tell;
    }

    /**
     * @param isLate whether the check has answered already, so that an error can only be a warning
     * @returns the issue that makes the preview fail
     * @throws the error itself when it is a defect of this package
     */
    report(bucket: string, error: unknown, isLate = false): RuleIssue | undefined {
        if (!(error instanceof UserError)) throw error;
        const { kind } = error;
        const outcome = unreadOutcome(kind);
        if (outcome === "notice") {
            this.#tell(`bucket ${bucket} does not exist yet; the deployment fails unless the program creates it`);
            return undefined;
        }
        const message = unreadText([bucket], this.#reason(bucket, error));
        if (outcome === "error" && !isLate) return { code: "not-usable", path: "bucket", message };
        this.#tell(warningOf(kind, message));
        return undefined;
    }

    #reason(bucket: string, { kind, message, where }: UserError): string {
        const group = [kind, where.region, where.endpoint, where.account].join(" ");
        const first = this.#first.get(group);
        if (first === undefined) this.#first.set(group, bucket);
        return first === undefined || first === bucket ? message : `as that of bucket ${first} (${kind})`;
    }
}

/** A review knows it by its words: `unreadRule` in `lib/review/documents/preview-document.ts`. @param reason a message, which often begins with "Cannot read" */
export function unreadText(buckets: readonly string[], reason: string): string {
    const what =
        buckets.length === 1
            ? `the rule of bucket ${buckets[0]} is not known`
            : `the rules of ${buckets.length} buckets are not known (${namesText(buckets)})`;
    return `${what}: ${reason.replace(/\.$/, "")}`;
}

/** A preview's warning about a reading that takes longer than it may wait. */
export function notReadInTime(): UserError {
    const cure = "Repeat the preview; if it lasts, check whether the service is slow or does not answer.";
    return new UserError("unreachable", "The rule was not read in time", {}, { cure });
}
