import { UserError } from "../../errors";
import { maskedText } from "./masked-text";

/** The error of a request that the Temporal server refused or did not get. */
export function notReached(error: unknown, address: string, environment: NodeJS.ProcessEnv): Error {
    if (error instanceof UserError) return error;
    const { message, cause } = error as Error;
    const texts = [message, cause instanceof Error ? cause.message : ""].filter((text) => text !== "");
    const why = maskedText([...new Set(texts)].join(": ").replace(/\.$/, ""), environment);
    return new UserError(
        "temporal-not-reached",
        `The Temporal server at ${address} did not do what it was asked: ${why}`,
        {},
        { cause: error },
    );
}
