import type { RuleRecord } from "../declaration";
import type { UserError } from "../errors";

/**
 * A started write was not confirmed. The record must be kept in the stack's state as unconfirmed, so that no rule is orphaned and the
 * next deployment writes again.
 */
export class UnconfirmedWrite extends Error {
    override readonly name = "UnconfirmedWrite";

    constructor(
        /** The message for the user. */
        override readonly cause: UserError,
        readonly record: RuleRecord,
    ) {
        super(cause.message, { cause });
    }
}
