/**
 * How a stack's turn ended.
 * - `deployed`: the stack is now what its program declares.
 * - `unchanged`: it already was.
 * - `failed`: it could not be previewed or deployed.
 * - `differs`: its preview is not what was planned; nothing was deployed.
 * - `interrupted`: cancelled before its end.
 * - `held`: the stack is locked by another operation; nothing was deployed. Only a person breaks a lock.
 */
export type StackOutcome = "deployed" | "unchanged" | "failed" | "differs" | "interrupted" | "held";

export interface OutcomeMeaning {
    /** The stack has arrived; it gets no further turn. */
    readonly done: boolean;
    /** It counts against the wave's failure tolerance. */
    readonly failed: boolean;
    /** The turn may have deployed a part, so that the next turn compares with what is left of the plan. */
    readonly mayBeHalfDone: boolean;
}

/** What each outcome means for the wave and for the stack's next turn. */
export const outcomeMeanings: Readonly<Record<StackOutcome, OutcomeMeaning>> = {
    deployed: { done: true, failed: false, mayBeHalfDone: true },
    unchanged: { done: true, failed: false, mayBeHalfDone: false },
    failed: { done: false, failed: true, mayBeHalfDone: true },
    differs: { done: false, failed: false, mayBeHalfDone: false },
    interrupted: { done: false, failed: false, mayBeHalfDone: true },
    held: { done: false, failed: false, mayBeHalfDone: false },
};
