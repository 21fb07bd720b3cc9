import { UserError } from "../errors";
import type { CredentialParts } from "./complete-credentials";
import { credentialChain } from "./credential-chain";
import { credentialPlaces } from "./credential-places";
import type { CredentialSource } from "./credential-source";
import { staticCredentials } from "./static-credentials";

/** What a stack's configuration says about credentials. */
export interface CredentialConfiguration extends CredentialParts {
    /** All keys of the stack's configuration, to name credentials of other packages when none are found. */
    readonly keys?: readonly string[];
    /** A profile of the aliyun CLI or of the credentials file. */
    readonly profile?: string | undefined;
}

/**
 * The credentials that a stack's configuration chooses: an access key that it holds, or a profile of this machine. Where it
 * says nothing, the credential chain. It overrides the environment, so that a stack is never deployed with unrelated credentials of
 * the environment.
 * @returns a source that fails with kind `no-credentials` when the configuration is half or says both
 */
export function configuredCredentials(configuration: CredentialConfiguration): CredentialSource {
    const { profile, keys: settings = [], ...parts } = configuration;
    const hasKey = Object.values(parts).some(isGiven);
    if (hasKey && isGiven(profile)) {
        const what = "The stack's configuration holds both an access key and a profile";
        const cure = "Remove one of them with `pulumi config rm`.";
        return { getCredentials: () => Promise.reject(new UserError("no-credentials", what, {}, { cure })) };
    }
    if (hasKey) {
        const from = "the credentials in the stack's configuration (bucket-encryption:accessKeyId and others)";
        const cure =
            "Set bucket-encryption:accessKeyId, and bucket-encryption:accessKeySecret as a secret, or remove both and bucket-encryption:securityToken.";
        return {
            getCredentials: async () => staticCredentials(parts, from, cure).getCredentials(),
            origin: () => from,
        };
    }
    if (!isGiven(profile)) return credentialChain({ settings });
    // With a profile, other credentials of the environment are not used.
    const cure = "Create the profile, for instance with `aliyun configure --profile NAME`, or name another one.";
    return credentialChain({ places: credentialPlaces({ profile }), settings, cure });
}

function isGiven(value: string | undefined): value is string {
    return value !== undefined && value !== "";
}
