import { type CredentialParts, completeCredentials } from "./complete-credentials";
import type { CredentialSource } from "./credential-source";

/**
 * Credentials that are given explicitly, for instance by secret stack configuration.
 * @param from how a message calls them, for instance `the credentials in the stack's configuration`
 * @param cure what to do where a part is missing
 * @throws UserError of kind `no-credentials` when a part is missing
 */
export function staticCredentials(
    parts: CredentialParts,
    from = "the given credentials",
    cure?: string,
): CredentialSource {
    const credentials = completeCredentials(parts, from, cure);
    return { getCredentials: () => Promise.resolve(credentials), origin: () => from };
}
