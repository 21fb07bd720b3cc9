import { type ChangeClass, compareClasses } from "./change-class";
import type { EncryptionChange, StackReview } from "./encryption-change";

/** The changes that a gate stops at. */
export function changesThatFail(
    reviews: readonly StackReview[],
    failOn: ReadonlySet<ChangeClass>,
): readonly EncryptionChange[] {
    return reviews.flatMap(({ changes }) => changes).filter((change) => failOn.has(change.class));
}

/**
 * Whether a gate lets a review through: no change is of a class that it stops at, and the preview didn't fail, since nobody
 * knows what a failed one would have listed.
 */
export function passesGate(review: StackReview, failOn: ReadonlySet<ChangeClass>): boolean {
    return review.failures.length === 0 && changesThatFail([review], failOn).length === 0;
}

/** Whether a review has a change that is worse than the class, or a preview that failed. */
export function reviewIsWorseThan(review: StackReview, worstAllowed: ChangeClass): boolean {
    return (
        review.failures.length > 0 || review.changes.some((change) => compareClasses(change.class, worstAllowed) < 0)
    );
}
