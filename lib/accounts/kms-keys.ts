import { UserError } from "../errors";
import type { CredentialSource } from "./credential-source";
import { callRpc } from "./rpc/rpc-call";
import { isSafeEndpoint } from "./rpc/rpc-endpoint";

/** A key's facts from KMS. */
export interface KeyFacts {
    /** The key's own id, also where it was asked for by an alias or an ARN. */
    readonly keyId: string;
    readonly arn?: string;
    /** `Enabled`, `Disabled`, `PendingDeletion` or `PendingImport`. */
    readonly state?: string;
    /** For instance `Aliyun_AES_256`. */
    readonly spec?: string;
    /** For instance `ENCRYPT/DECRYPT`. */
    readonly usage?: string;
}

/** Whether KMS knows a key, or why that could not be determined. */
export type KeyLookup = { readonly found: KeyFacts } | { readonly missing: true } | { readonly unknown: string };

/**
 * Keys of the Key Management Service, each looked up once. A service that cannot be reached is not asked
 * again, so a closed network costs one wait.
 * Source: https://help.aliyun.com/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekey
 */
export class KmsKeys {
    readonly #credentials: CredentialSource;
    readonly #lookups = new Map<string, Promise<KeyLookup>>();
    readonly #unreachable = new Map<string, string>();

    constructor(credentials: CredentialSource) {
        this.#credentials = credentials;
    }

    /**
     * @param name id, alias or ARN
     * @param endpoint of KMS in the key's region; plain HTTP is for loopback alone
     */
    lookUp(name: string, endpoint: string): Promise<KeyLookup> {
        const key = `${endpoint} ${name}`;
        let lookup = this.#lookups.get(key);
        if (lookup === undefined) {
            lookup = this.#ask(name, endpoint);
            this.#lookups.set(key, lookup);
        }
        return lookup;
    }

    async #ask(name: string, endpoint: string): Promise<KeyLookup> {
        const down = this.#unreachable.get(endpoint);
        if (down !== undefined) return { unknown: down };
        if (!isSafeEndpoint(endpoint)) return { unknown: "its endpoint is not an HTTPS URL" };
        try {
            const credentials = await this.#credentials.getCredentials();
            const parameters = { KeyId: name };
            const call = { endpoint, version: "2016-01-20", action: "DescribeKey", parameters };
            const outcome = await callRpc(call, credentials);
            if ("failed" in outcome) {
                this.#unreachable.set(endpoint, outcome.failed);
                return { unknown: outcome.failed };
            }
            if ("answer" in outcome) return factsOf(outcome.answer);
            return absences.has(outcome.refused) ? { missing: true } : { unknown: outcome.refused };
        } catch (error) {
            if (error instanceof UserError) return { unknown: "there are no credentials" };
            throw error;
        }
    }
}

/** KMS's codes for a missing key. No other refusal, above all a denial, says anything about the key. */
const absences: ReadonlySet<string> = new Set(["Forbidden.KeyNotFound", "Forbidden.AliasNotFound"]);

function factsOf(answer: unknown): KeyLookup {
    const metadata = (answer as { KeyMetadata?: Record<string, unknown> } | null)?.KeyMetadata;
    const text = (name: string) => (typeof metadata?.[name] === "string" ? (metadata[name] as string) : undefined);
    const keyId = text("KeyId");
    if (keyId === undefined) return { unknown: "the answer is not an answer of KMS" };
    const facts = { arn: text("Arn"), state: text("KeyState"), spec: text("KeySpec"), usage: text("KeyUsage") };
    const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
    return { found: { keyId, ...known } };
}
