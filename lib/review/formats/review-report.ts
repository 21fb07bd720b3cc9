import { counted } from "../../text";
import { type ChangeClass, changeClasses } from "../changes/change-class";
import type { EncryptionChange, StackReview } from "../changes/encryption-change";
import { changesThatFail, failsOnUnread } from "../changes/gate";
import type { PolicyRefusal } from "../changes/preview-step";
import { sortedChanges } from "../changes/stack-review";

/** The reviews of one run, and the classes of the gate. */
export interface ReviewReport {
    readonly reviews: readonly StackReview[];
    /** The classes that the gate stops at. */
    readonly failOn: ReadonlySet<ChangeClass>;
}

export const classWords: Readonly<Record<ChangeClass, string>> = {
    "protection-ignored": "protected rule deleted",
    removed: "rule removed",
    weakened: "weakened",
    unknown: "unknown",
    "account-changed": "another account or service",
    "key-changed": "another key",
    "algorithm-changed": "another algorithm",
    added: "rule added",
    strengthened: "strengthened",
    unchanged: "unchanged",
};

/** For counts: `3 added`. */
const countWords: Readonly<Record<ChangeClass, string>> = {
    ...classWords,
    "protection-ignored": "protected and deleted",
    removed: "removed",
    unknown: "unknown",
    "account-changed": "with another account or service",
    "key-changed": "with another key",
    "algorithm-changed": "with another algorithm",
    added: "added",
};

/** Whether a report lists a change, beside counting it. */
export function isListed(change: EncryptionChange): boolean {
    return change.class !== "unchanged" || !change.managed;
}

/** All listed changes of all stacks, the worst first. */
export function listedChanges({ reviews }: ReviewReport): EncryptionChange[] {
    return sortedChanges(reviews.flatMap(({ changes }) => changes).filter(isListed));
}

/** For instance `1 weakened, 3 added`; `no change` if all rules are unchanged. */
export function countsText(counts: Readonly<Partial<Record<ChangeClass, number>>>, withUnchanged = false): string {
    const parts = changeClasses
        .filter((name) => (counts[name] ?? 0) > 0 && (withUnchanged || name !== "unchanged"))
        .map((name) => `${counts[name]} ${countWords[name]}`);
    return parts.length === 0 ? "no change" : parts.join(", ");
}

/** The counts of one stack or of several, as `countsText`. A preview that failed or was refused may lack further changes. */
export function changesText(reviews: readonly StackReview[], withUnchanged = false): string {
    const counts = countsText(countsOfAll(reviews), withUnchanged);
    if (reviews.every(({ failures, refusals }) => failures.length === 0 && refusals.length === 0)) return counts;
    return counts === "no change" ? "changes not known" : `${counts}; further changes not known`;
}

export function countsOfAll(reviews: readonly StackReview[]): Readonly<Record<ChangeClass, number>> {
    const total = (name: ChangeClass) => reviews.reduce((sum, { counts }) => sum + counts[name], 0);
    return Object.fromEntries(changeClasses.map((name) => [name, total(name)])) as Record<ChangeClass, number>;
}

/** Why the gate stops the run, in a sentence; `undefined` where it does not. */
export function gateText({ reviews, failOn }: ReviewReport): string | undefined {
    const failed = reviews.filter(({ failures }) => failures.length > 0).length;
    const refused = reviews.filter(({ refusals }) => refusals.length > 0).length;
    const unread = reviews.filter((review) => failsOnUnread(review, failOn)).flatMap((review) => review.unread).length;
    const stopped = changesThatFail(reviews, failOn).length;
    const parts = [
        ...(stopped > 0 ? [`${counted(stopped, "change")} ${stopped === 1 ? "is" : "are"} not allowed`] : []),
        ...(refused > 0 ? [`policies refused ${counted(refused, "preview")}`] : []),
        ...(failed > 0 ? [`${counted(failed, "preview")} failed`] : []),
        ...(unread > 0 ? [`${counted(unread, "warning")} of unread rules`] : []),
    ];
    return parts.length === 0 ? undefined : parts.join("; ");
}

/** What to do if a policy refuses a preview: each policy's own sentence says what it requires. */
export const policyCure =
    "Change the resource so that it complies, or ask the owner of the policy pack for an exception.";

/** A refusal without its resource, for instance `pack/policy: message`. */
export const refusalText = ({ pack, policy, message }: PolicyRefusal): string => `${pack}/${policy}: ${message}`;

/** Whether the gate lets the run through. */
export function passes(report: ReviewReport): boolean {
    return gateText(report) === undefined;
}

export const bucketName = ({ bucket }: EncryptionChange): string => bucket ?? "(bucket decided at deployment)";
export const beforeText = ({ before }: EncryptionChange): string => before?.text ?? "no rule in the stack";
export const afterText = ({ after }: EncryptionChange): string => after?.text ?? "no rule";
