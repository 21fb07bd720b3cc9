import type { UserError } from "../errors";
import type { BucketEncryptionState } from "./bucket-encryption-properties";

/**
 * A write was begun, and that it took effect hasn't been seen. The resource must be kept in the stack's state, as
 * created but not ready, so that nothing is orphaned and the next deployment writes again.
 */
export class UnfinishedWrite extends Error {
    override readonly name = "UnfinishedWrite";

    constructor(
        /** What the person at the engine is to be told. */
        override readonly cause: UserError,
        readonly state: BucketEncryptionState,
    ) {
        super(cause.message, { cause });
    }
}
