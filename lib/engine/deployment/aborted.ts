import type { ResourceState } from "../state/resource-state";

/**
 * The operation ends here. The log already has the reason, or the user cancelled. This error is never shown; it only rejects what
 * waits.
 */
export class Aborted extends Error {
    override readonly name = "Aborted";
    constructor() {
        super("the operation was cancelled or has failed");
    }
}

/** The provider refused the inputs of a resource, and the log has the reasons. The operation fails; a preview continues to find more. */
export class InputsRefused extends Aborted {
    constructor(readonly state: ResourceState) {
        super();
    }
}
