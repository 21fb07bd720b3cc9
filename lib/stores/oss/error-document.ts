import type { HttpAnswer } from "./http-exchange";
import { childText, DocumentFault, parseXml, type XmlContent } from "./xml-document";

/**
 * What is read of an error answer, as the service wrote it. Everything else in it, such as the echoed StringToSign, is never read. A
 * text that is shown must pass `printableText` first: the service may repeat a secret.
 */
export interface ErrorDocument {
    readonly code: string | undefined;
    readonly message: string | undefined;
    readonly ec: string | undefined;
    readonly requestId: string | undefined;
    /** The endpoint that the service wants the bucket to be reached through. */
    readonly endpoint: string | undefined;
}

/**
 * Reads an error answer. A body that is no OSS error gives no code and no message.
 * Source: https://help.aliyun.com/en/oss/developer-reference/error-responses
 */
export function parseErrorDocument({ body, headers }: HttpAnswer): ErrorDocument {
    const content = contentOfError(body);
    const text = (name: string): string | undefined => childText(content, name);
    const header = (name: string): string | undefined => headers[name]?.toString();
    const shaped = (shape: RegExp, ...candidates: (string | undefined)[]): string | undefined =>
        candidates.find((said) => said !== undefined && shape.test(said));
    const code = shaped(/^[A-Za-z][\w.-]{0,99}$/, text("Code"));
    return {
        code,
        // A message may quote what was signed.
        message: code === undefined || code === "SignatureDoesNotMatch" ? undefined : text("Message"),
        ec: shaped(/^[\d-]{1,40}$/, text("EC"), header("x-oss-ec")),
        requestId: shaped(/^[\w-]{1,64}$/, text("RequestId"), header("x-oss-request-id")),
        endpoint: shaped(/^[a-z0-9][a-z0-9.:-]{0,252}$/i, text("Endpoint")),
    };
}

function contentOfError(body: Buffer): XmlContent {
    try {
        // A text with control characters is not XML. The code of such an answer is still read.
        const { root, content } = parseXml(Buffer.from(body.toString().replaceAll(/\p{Cc}/gu, " ")));
        return root === "Error" ? content : {};
    } catch (error) {
        if (error instanceof DocumentFault) return {};
        throw error;
    }
}
