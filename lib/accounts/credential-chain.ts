import { UserError } from "../errors";
import { completeCredentials } from "./complete-credentials";
import {
    type AlicloudLibrary,
    type CredentialPlace,
    credentialPlaces,
    isSet,
    type LibraryProvider,
} from "./credential-places";
import type { CredentialSource, Credentials } from "./credential-source";
import { describeLibraryFailure } from "./library-failure";

/**
 * How long an answer is passed on without asking the library again. The library renews temporary credentials 15 minutes
 * before they expire (3 minutes for a profile's command), so an answer this old is still good.
 */
const heldMilliseconds = 10_000;

/**
 * Credentials from where the tools of Alibaba Cloud look for them, by `@alicloud/credentials`: environment variables,
 * OIDC role, profile of the aliyun CLI, credentials file, instance role, credentials URI. The first place that has some
 * is kept; the library renews what it gives. The library is loaded when a place is first worth asking, and however many
 * requests ask at once, the places are asked once.
 * @param places for tests
 */
export function credentialChain(places = credentialPlaces()): CredentialSource {
    let chosen: { readonly place: CredentialPlace; readonly provider: LibraryProvider } | undefined;
    let held: { readonly answer: Promise<Credentials>; readonly until: () => number } | undefined;

    const ask = async (): Promise<Credentials> => {
        if (chosen === undefined) rejectHalfSetEnvironment();
        const looked: string[] = [];
        for (const place of chosen === undefined ? places : [chosen.place]) {
            const absence = chosen === undefined ? await place.absence() : undefined;
            if (absence !== undefined) {
                looked.push(`${place.name} (${absence})`);
                continue;
            }
            try {
                const provider = chosen?.provider ?? place.provider(loadLibrary());
                const credentials = completeCredentials(await provider.getCredentials(), `the credentials from ${place.name}`);
                chosen = { place, provider };
                return credentials;
            } catch (error) {
                if (error instanceof UserError) throw error;
                looked.push(`${place.name} (${describeLibraryFailure(error)})`);
            }
        }
        throw new UserError("no-credentials", `No credentials for Alibaba Cloud; looked for in ${looked.join("; ")}`);
    };
    return {
        getCredentials() {
            if (held === undefined || performance.now() >= held.until()) {
                let until = Number.POSITIVE_INFINITY;
                const answer = ask().finally(() => {
                    until = performance.now() + heldMilliseconds;
                });
                held = { answer, until: () => until };
            }
            return held.answer;
        },
    };
}

/** Whoever sets half a key means to use it. Going on would end in the next place's credentials, of whatever account. */
function rejectHalfSetEnvironment(): void {
    const variables = [
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
    ];
    const [id, secret] = variables;
    const given = variables.filter(isSet);
    const missing = [id, secret].filter((name) => name !== undefined && !isSet(name));
    if (given.length === 0 || missing.length === 0) return;
    const what = `The environment holds half a set of credentials: ${given.join(" and ")} set, ${missing.join(" and ")} not set`;
    throw new UserError("no-credentials", what);
}

/** Takes some 25 ms, so a run that needs no credentials doesn't pay for it. */
function loadLibrary(): AlicloudLibrary {
    return require("@alicloud/credentials");
}
