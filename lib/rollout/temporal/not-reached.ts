import { UserError } from "../../errors";
import { maskedText } from "./masked-text";
import type { TemporalSettings } from "./temporal-settings";

/**
 * The error of a request that the Temporal server refused or did not receive.
 * @param fault of the connection, which the error does not say
 */
export function notReached(error: unknown, { address, secrets }: TemporalSettings, fault = ""): Error {
    if (error instanceof UserError) return error;
    const { message, cause } = error as Error;
    const texts = [message, cause instanceof Error ? cause.message : ""]
        // The fault says the same in words.
        .filter((text) => fault === "" || !text.startsWith("tonic::transport"))
        .map(withoutStructures)
        .concat(fault)
        .filter((text) => text !== "");
    const why = maskedText([...new Set(texts)].join(": ").replace(/\.$/, ""), secrets);
    return new UserError(
        "temporal-not-reached",
        `The request to the Temporal server at ${address} failed: ${why}`,
        {},
        { cause: error },
    );
}

/** The SDK's core prints structures of Rust. */
const withoutStructures = (text: string): string =>
    text
        .replace(/Status \{ code: \w+, message: "((?:[^"\\]|\\.)*)".*\}/s, "$1")
        .replace(/code: '([^']*)', message: "((?:[^"\\]|\\.)*)"/, "$2 ($1)")
        .replace(/\.$/, "");
