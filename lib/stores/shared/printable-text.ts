import type { ServiceAnswer } from "../../errors";
import { oneLine, shortened } from "../../text";

const longest = 300;

/**
 * Makes a text of the service fit for a message: one line of printable characters, of bounded length, with every secret
 * of the request replaced, should the service repeat one.
 */
export function printableText(text: string, secrets: readonly string[]): string {
    let shown = text;
    // The longest first: one secret may be part of another.
    for (const secret of secrets.filter((text) => text !== "").sort((a, b) => b.length - a.length)) {
        shown = shown.replaceAll(secret, "(hidden)");
    }
    return oneLine(shortened(shown, longest));
}

/** An answer with every text made fit for a message. */
export function printableAnswer(answer: ServiceAnswer, secrets: readonly string[]): ServiceAnswer {
    const shown = (text: string | undefined) => text && printableText(text, secrets);
    return {
        code: shown(answer.code),
        ec: shown(answer.ec),
        status: answer.status,
        requestId: shown(answer.requestId),
        extendedRequestId: shown(answer.extendedRequestId),
        message: shown(answer.message),
    };
}
