import { type ChangeClass, compareClasses } from "./change-class";
import type { EncryptionChange, StackReview } from "./encryption-change";

/** The changes that a gate stops at. A gate for removed rules also stops at protected ones, which are removed or replaced. */
export function changesThatFail(
    reviews: readonly StackReview[],
    failOn: ReadonlySet<ChangeClass>,
): readonly EncryptionChange[] {
    return reviews
        .flatMap(({ changes }) => changes)
        .filter(({ class: name }) => failOn.has(name) || (name === "protection-ignored" && failOn.has("removed")));
}

/** Whether the preview failed or a policy refused it, so that its list of changes is incomplete. */
export function isIncomplete({ failures, refusals }: StackReview): boolean {
    return failures.length + refusals.length > 0;
}

/** Whether a gate stops at rules that could not be read. */
export function failsOnUnread({ unread }: StackReview, failOn: ReadonlySet<ChangeClass>): boolean {
    return unread.length > 0 && failOn.has("unknown");
}

/** Whether a gate lets a review through: the preview succeeded, and no change and no unread rule is of a class that it stops at. */
export function passesGate(review: StackReview, failOn: ReadonlySet<ChangeClass>): boolean {
    return !isIncomplete(review) && !failsOnUnread(review, failOn) && changesThatFail([review], failOn).length === 0;
}

/** Whether a review has a change or an unread rule that is worse than the class, or an incomplete preview. */
export function reviewIsWorseThan(review: StackReview, worstAllowed: ChangeClass): boolean {
    return (
        isIncomplete(review) ||
        (review.unread.length > 0 && compareClasses("unknown", worstAllowed) < 0) ||
        review.changes.some((change) => compareClasses(change.class, worstAllowed) < 0)
    );
}
