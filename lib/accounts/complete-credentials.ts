import { capitalized, UserError } from "../errors";
import type { Credentials } from "./credential-source";

/** The parts of an access key as they were written; any part may be missing. */
export interface CredentialParts {
    readonly accessKeyId?: string | undefined;
    readonly accessKeySecret?: string | undefined;
    readonly securityToken?: string | undefined;
}

/**
 * Checks that an access key is complete and can be sent. Blanks around a part are taken away, since a line feed at the
 * end is what a secret read from a file often has.
 * @param from where the parts come from, for the message, for instance `the credentials in the stack's configuration`
 * @param cure what to do where a part is missing
 * @throws UserError of kind `no-credentials`, which names the part at fault and never its value
 */
export function completeCredentials(
    parts: CredentialParts,
    from: string,
    cure = "Complete them there, or remove them.",
): Credentials {
    const accessKeyId = part("access key id", parts.accessKeyId, from);
    const accessKeySecret = part("access key secret", parts.accessKeySecret, from);
    const securityToken = part("security token", parts.securityToken, from);
    if (accessKeyId === undefined || accessKeySecret === undefined) {
        const missing = [
            accessKeyId === undefined ? "access key id" : undefined,
            accessKeySecret === undefined ? "access key secret" : undefined,
        ].filter((name) => name !== undefined);
        throw new UserError("no-credentials", `${capitalized(from)} hold no ${missing.join(" and no ")}`, {}, { cure });
    }
    return { accessKeyId, accessKeySecret, ...(securityToken === undefined ? {} : { securityToken }) };
}

/** @param value as it was written: files of other tools may hold anything */
function part(name: string, value: unknown, from: string): string | undefined {
    if (value !== undefined && value !== null && typeof value !== "string")
        throw new UserError(
            "no-credentials",
            `${capitalized(from)} hold ${name.startsWith("a") ? "an" : "a"} ${name} that is not text`,
        );
    const trimmed = value?.trim();
    if (trimmed === undefined || trimmed === "") return undefined;
    // Other characters are not allowed in an HTTP header, and no access key has them.
    if (!/^[\x21-\x7e]+$/.test(trimmed)) {
        const what = `${capitalized(from)} hold characters in the ${name} that no ${name} has`;
        const cure = `Copy the ${name} again, as one line without quotes.`;
        throw new UserError("no-credentials", what, {}, { cure });
    }
    return trimmed;
}
