import { visible } from "./visible";

/**
 * A plain message of SARIF. Brackets would make links, and braces stand for arguments.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, 3.11.5 and 3.11.6
 */
export function sarifMessage(text: string): string {
    return visible(text, "whole")
        .replaceAll(/[\\[\]]/g, "\\$&")
        .replaceAll(/[{}]/g, "$&$&");
}
