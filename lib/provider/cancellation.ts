import { UserError } from "../errors";

/** Why operations end when their engine cancels them. */
export function cancellation(): UserError {
    return new UserError("cancelled", "The operation was cancelled before this resource was finished");
}
