import { UserError } from "../errors";
import { parseEndpointUrl } from "../stores";

const timeoutMilliseconds = 10_000;

/**
 * Reads where a notification goes. A path often is the secret of a web hook, so messages name scheme and host only.
 * @throws UserError `invalid-review-options`
 */
export function notificationUrl(text: string): URL {
    const [address = "", query] = text.split(/(?=\?)/);
    if (!/^[a-z][a-z\d+.-]*:\/\//i.test(address)) throw unusable("the address names no scheme");
    const url = parseEndpointUrl(address, { example: "https://hooks.example.com/path", mayHavePath: true });
    if (!(url instanceof URL)) throw unusable(url.message.replaceAll("the endpoint", "the address"));
    url.search = query ?? "";
    return url;
}

function unusable(why: string): UserError {
    const cure = "Pass an address that begins with https://.";
    return new UserError("invalid-review-options", `The address in --notify cannot be used: ${why}`, {}, { cure });
}

/** Posts JSON once, and follows no redirect. @throws UserError `notification-not-sent` */
export async function postNotification(url: URL, body: object): Promise<void> {
    const failed = (why: string): UserError =>
        new UserError(
            "notification-not-sent",
            `The notification to ${url.protocol}//${url.host} was not accepted: ${why}`,
        );
    let response: Response;
    try {
        response = await fetch(url, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
            redirect: "manual",
            signal: AbortSignal.timeout(timeoutMilliseconds),
        });
        await response.body?.cancel();
    } catch (error) {
        const { name, cause } = error as Error & {
            readonly cause?: { readonly code?: unknown; readonly message?: string };
        };
        const reason =
            name === "TimeoutError"
                ? "no answer within 10 seconds"
                : `no connection (${cause?.code ?? cause?.message ?? name})`;
        throw failed(reason);
    }
    if (!response.ok) throw failed(`the answer was HTTP ${response.status}`);
}
