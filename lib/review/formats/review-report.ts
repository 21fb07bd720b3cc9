import { type ChangeClass, changeClasses } from "../changes/change-class";
import type { EncryptionChange, StackReview } from "../changes/encryption-change";
import { changesThatFail } from "../changes/gate";
import { sortedChanges } from "../changes/stack-review";

/** The reviews of one run, with what a gate makes of them. */
export interface ReviewReport {
    readonly reviews: readonly StackReview[];
    /** The classes that the gate stops at. */
    readonly failOn: ReadonlySet<ChangeClass>;
}

export const classWords: Readonly<Record<ChangeClass, string>> = {
    removed: "rule removed",
    weakened: "weakened",
    unknown: "decided at deployment",
    "account-changed": "another account",
    "key-changed": "another key",
    "algorithm-changed": "another algorithm",
    added: "rule added",
    strengthened: "strengthened",
    unchanged: "unchanged",
};

/** For counts: `3 added`. */
const countWords: Readonly<Record<ChangeClass, string>> = {
    ...classWords,
    removed: "removed",
    unknown: "decided at deployment",
    "account-changed": "on another account's behalf",
    "key-changed": "with another key",
    "algorithm-changed": "with another algorithm",
    added: "added",
};

/** Whether a report tells of a change by itself, beside counting it. */
export function isListed(change: EncryptionChange): boolean {
    return change.class !== "unchanged" || !change.managed;
}

/** All changes of all stacks that are told of, the worst first. */
export function listedChanges({ reviews }: ReviewReport): EncryptionChange[] {
    return sortedChanges(reviews.flatMap(({ changes }) => changes).filter(isListed));
}

/** For instance `1 weakened, 3 added`; `no change` where there is nothing but unchanged rules. */
export function countsText(counts: Readonly<Partial<Record<ChangeClass, number>>>, withUnchanged = false): string {
    const parts = changeClasses
        .filter((name) => (counts[name] ?? 0) > 0 && (withUnchanged || name !== "unchanged"))
        .map((name) => `${counts[name]} ${countWords[name]}`);
    return parts.length === 0 ? "no change" : parts.join(", ");
}

export function totalCounts({ reviews }: ReviewReport): Readonly<Record<ChangeClass, number>> {
    const total = (name: ChangeClass) => reviews.reduce((sum, { counts }) => sum + counts[name], 0);
    return Object.fromEntries(changeClasses.map((name) => [name, total(name)])) as Record<ChangeClass, number>;
}

/** What the gate says, in a sentence; `undefined` where there is nothing to say. */
export function gateText({ reviews, failOn }: ReviewReport): string | undefined {
    const failed = reviews.filter(({ failures }) => failures.length > 0).length;
    const stopped = changesThatFail(reviews, failOn).length;
    const parts = [
        ...(stopped > 0 ? [`${stopped} ${stopped === 1 ? "change is" : "changes are"} not let through`] : []),
        ...(failed > 0 ? [`${failed} ${failed === 1 ? "preview" : "previews"} failed and can't be judged`] : []),
    ];
    return parts.length === 0 ? undefined : parts.join("; ");
}

/** Whether the gate lets the run through. */
export function isLetThrough(report: ReviewReport): boolean {
    return gateText(report) === undefined;
}

export const bucketName = ({ bucket }: EncryptionChange): string => bucket ?? "(bucket decided at deployment)";
export const beforeText = ({ before }: EncryptionChange): string => before?.text ?? "no rule in the stack";
export const afterText = ({ after }: EncryptionChange): string => after?.text ?? "no rule";
