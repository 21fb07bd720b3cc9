import { UserError } from "../errors";
import { type CredentialParts, completeCredentials } from "./complete-credentials";
import {
    type AlicloudLibrary,
    type CredentialPlace,
    credentialPlaces,
    isSet,
    type LibraryProvider,
} from "./credential-places";
import type { CredentialSource, Credentials } from "./credential-source";
import { describeLibraryFailure } from "./library-failure";
import { unreadCredentials } from "./unread-credentials";

/**
 * How long an answer is passed on without asking the library again. The library renews temporary credentials 15 minutes
 * before they expire (3 minutes for a profile's command), so an answer this old is still good.
 */
const heldMilliseconds = 10_000;

/**
 * Credentials from the places that Alibaba Cloud's tools search, by `@alicloud/credentials`: environment variables,
 * OIDC role, profile of the aliyun CLI, credentials file, instance role, credentials URI. The first place that has some
 * is kept; the library renews what it gives. The library is loaded when a place may first have credentials, and concurrent requests
 * ask the places once.
 */
export function credentialChain({
    places = credentialPlaces(),
    now = () => performance.now(),
    settings = [],
    cure,
}: CredentialChainOptions = {}): CredentialSource {
    return new CredentialChain(places, now, settings, cure);
}

export interface CredentialChainOptions {
    readonly places?: readonly CredentialPlace[];
    /** A clock that never goes back, in milliseconds. */
    readonly now?: () => number;
    /** All keys of the stack's configuration: those of other packages' credentials are named when none are found. */
    readonly settings?: readonly string[];
    /** What to do where no place has credentials; otherwise the one of the error's kind. */
    readonly cure?: string | undefined;
}

interface ChosenPlace {
    readonly place: CredentialPlace;
    readonly provider: LibraryProvider;
}

class CredentialChain implements CredentialSource {
    readonly #places: readonly CredentialPlace[];
    readonly #now: () => number;
    readonly #settings: readonly string[];
    readonly #cure: string | undefined;
    #chosen: ChosenPlace | undefined;
    #held: { readonly answer: Promise<Credentials>; until: number } | undefined;

    constructor(
        places: readonly CredentialPlace[],
        now: () => number,
        settings: readonly string[],
        cure: string | undefined,
    ) {
        this.#places = places;
        this.#settings = settings;
        this.#cure = cure;
        this.#now = now;
    }

    getCredentials(): Promise<Credentials> {
        if (this.#held === undefined || this.#now() >= this.#held.until) {
            const held = { answer: this.#ask(), until: Number.POSITIVE_INFINITY };
            const settled = (): void => {
                held.until = this.#now() + heldMilliseconds;
            };
            held.answer.then(settled, settled);
            this.#held = held;
        }
        return this.#held.answer;
    }

    origin(): string | undefined {
        return this.#chosen?.place.name;
    }

    async #ask(): Promise<Credentials> {
        if (this.#chosen === undefined) return this.#find();
        const answer = await askPlace(this.#chosen.place, this.#chosen.provider);
        if (typeof answer !== "string") return answer;
        const what = `No credentials any more from ${this.#chosen.place.name} (${answer})`;
        throw new UserError("no-credentials", what, {}, { cure: "Renew the credentials there, and run again." });
    }

    async #find(): Promise<Credentials> {
        rejectHalfSetEnvironment();
        const looked: string[] = [];
        for (const place of this.#places) {
            let answer: Credentials | string | undefined = await place.absence();
            if (answer === undefined) {
                const provider = place.provider(loadLibrary());
                answer = await askPlace(place, provider);
                if (typeof answer !== "string") {
                    this.#chosen = { place, provider };
                    return answer;
                }
            }
            looked.push(`${place.name} (${answer})`);
            const variable = place.chosenBy?.();
            if (variable !== undefined) {
                looked.push(`nowhere else, since ${variable} is set`);
                break;
            }
        }
        const unread = unreadCredentials(process.env, this.#settings);
        const hint =
            unread.length === 0 ? "" : `. Set but not read, since other tools use these names: ${unread.join(", ")}`;
        const what = `No credentials for Alibaba Cloud; looked for in ${looked.join("; ")}${hint}`;
        throw new UserError("no-credentials", what, {}, this.#cure === undefined ? {} : { cure: this.#cure });
    }
}

/** The place's credentials, or why it gave none. */
async function askPlace(place: CredentialPlace, provider: LibraryProvider): Promise<Credentials | string> {
    let parts: CredentialParts;
    try {
        parts = await provider.getCredentials();
    } catch (error) {
        return describeLibraryFailure(error);
    }
    return completeCredentials(parts, `the credentials from ${place.name}`);
}

/** Half a key is a mistake. Continuing would use the next place's credentials, perhaps of another account. */
function rejectHalfSetEnvironment(): void {
    const variables = [
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
    ];
    const [id, secret] = variables;
    const present = variables.filter(isSet);
    const missing = [id, secret].filter((name) => name !== undefined && !isSet(name));
    if (present.length === 0 || missing.length === 0) return;
    const what = `The environment holds half a set of credentials: ${present.join(" and ")} set, ${missing.join(" and ")} not set`;
    throw new UserError("no-credentials", what);
}

/** Takes some 25 ms, so it is loaded only when credentials are needed. */
function loadLibrary(): AlicloudLibrary {
    return require("@alicloud/credentials");
}
