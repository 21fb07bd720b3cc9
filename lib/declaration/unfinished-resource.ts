import type { UserError } from "../errors";
import type { Properties } from "./declaration";

/**
 * An operation on a resource did not finish: a write was not confirmed, or some buckets of a set failed. The resource must
 * be kept in the stack's state with these properties, as created but not ready, so that the next deployment finishes it.
 */
export class UnfinishedResource<State extends Properties = Properties> extends Error {
    override readonly name = "UnfinishedResource";

    constructor(
        /** The message for the user. */
        override readonly cause: UserError,
        readonly state: State,
        /** The resource's id, where the operation gave it one. */
        readonly id?: string,
    ) {
        super(cause.message, { cause });
    }
}
