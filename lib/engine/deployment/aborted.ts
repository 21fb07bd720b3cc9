/**
 * The operation ends here: whatever was wrong has been told already, or somebody cancelled. Nobody shows this error; it only
 * unwinds what was waiting.
 */
export class Aborted extends Error {
    override readonly name = "Aborted";
    constructor() {
        super("the operation was cancelled or has failed");
    }
}
