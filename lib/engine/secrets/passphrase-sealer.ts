import { createCipheriv, createDecipheriv, createHash, pbkdf2, pbkdf2Sync, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { UserError } from "../../errors";
import { keepNewest } from "../keep-newest";
import type { SecretSealer } from "../values/checkpoint-values";

const rounds = 1_000_000;
const keyBytes = 32;
const tagBytes = 16;
/** The text in a salt's third part, so that a passphrase can be verified. */
const knownPlaintext = "pulumi";

/**
 * The CLI's passphrase scheme: key = PBKDF2-HMAC-SHA256 over an 8-byte salt, values sealed with AES-256-GCM as
 * `v1:<nonce>:<ciphertext and tag>`, both base64 (sdk/go/common/resource/config/crypt.go, pkg/secrets/passphrase).
 */
export class PassphraseSealer implements SecretSealer {
    readonly #passphrase: string;
    readonly #saltBytes: Buffer;
    /** The known word, sealed. */
    readonly #proof: string;
    #key: Buffer | undefined;
    #derived: Promise<Buffer> | undefined;

    private constructor(
        passphrase: string,
        /** The text that the CLI stores as `encryptionsalt` and in each state: `v1:<salt>:<ciphertext of a known word>`. */
        readonly salt: string,
        key?: Buffer,
    ) {
        const [, saltText = "", ...proof] = salt.split(":");
        this.#passphrase = passphrase;
        this.#saltBytes = Buffer.from(saltText, "base64");
        this.#proof = proof.join(":");
        this.#key = key;
    }

    /**
     * A sealer whose passphrase is verified by `verify`, or with the first value. Deriving the key takes more processor time than all else
     * that an operation without a change does.
     * @throws UserError `secret-unreadable` (a malformed salt)
     */
    static unverified(salt: string, passphrase: string): PassphraseSealer {
        if (!/^v1(:[^:]*){4}$/.test(salt)) {
            throw new UserError(
                "secret-unreadable",
                "The encryption salt of the stack has not the form v1:<salt>:v1:<nonce>:<ciphertext>",
                {},
                { cure: "Restore `encryptionsalt` in the stack's settings file, or the state file, from a copy." },
            );
        }
        return new PassphraseSealer(passphrase, salt);
    }

    static async create(passphrase: string): Promise<PassphraseSealer> {
        const salt = randomBytes(8);
        const key = await deriveKey(passphrase, salt);
        const proof = sealed(key, knownPlaintext);
        return new PassphraseSealer(passphrase, `v1:${salt.toString("base64")}:${proof}`, key);
    }

    /** @throws UserError `passphrase-wrong` */
    async verify(): Promise<void> {
        if (this.#key !== undefined) return;
        // Once, also where several ask at the same time.
        this.#derived ??= deriveKey(this.#passphrase, this.#saltBytes);
        this.#open(await this.#derived);
    }

    /** @throws UserError `passphrase-wrong` */
    encrypt(plaintext: string): string {
        return sealed(this.#openKey(), plaintext);
    }

    /** @throws UserError `passphrase-wrong` or `secret-unreadable` */
    decrypt(ciphertext: string): string {
        return unsealed(this.#openKey(), ciphertext);
    }

    #openKey(): Buffer {
        return this.#key ?? this.#open(deriveKeyNow(this.#passphrase, this.#saltBytes));
    }

    #open(key: Buffer): Buffer {
        try {
            if (unsealed(key, this.#proof) === knownPlaintext) {
                this.#key = key;
                return key;
            }
        } catch {
            // A wrong key; reported below.
        }
        throw new UserError("passphrase-wrong", "incorrect passphrase");
    }
}

function sealed(key: Buffer, plaintext: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const text = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${text.toString("base64")}`;
}

function unsealed(key: Buffer, ciphertext: string): string {
    const [version, nonce, sealedText] = ciphertext.split(":");
    const bytes = Buffer.from(sealedText ?? "", "base64");
    if (version !== "v1" || nonce === undefined || bytes.length < tagBytes) {
        throw new UserError("secret-unreadable", "A secret has not the form v1:<nonce>:<ciphertext>");
    }
    try {
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        return decipher.update(bytes.subarray(0, -tagBytes), undefined, "utf8") + decipher.final("utf8");
    } catch (cause) {
        throw new UserError("secret-unreadable", "A secret was not encrypted with this stack's key", {}, { cause });
    }
}

/** Keys by salt and digest of the passphrase. A derivation takes a tenth of a second, and a process opens the same stack again and again. */
const derivedKeys = new Map<string, Buffer>();
const keptKeys = 100;

async function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
    const name = nameOf(passphrase, salt);
    return derivedKeys.get(name) ?? kept(name, await promisify(pbkdf2)(passphrase, salt, rounds, keyBytes, "sha256"));
}

function deriveKeyNow(passphrase: string, salt: Buffer): Buffer {
    const name = nameOf(passphrase, salt);
    return derivedKeys.get(name) ?? kept(name, pbkdf2Sync(passphrase, salt, rounds, keyBytes, "sha256"));
}

const nameOf = (passphrase: string, salt: Buffer): string =>
    `${salt.toString("base64")} ${createHash("sha256").update(passphrase).digest("base64")}`;

function kept(name: string, key: Buffer): Buffer {
    derivedKeys.set(name, key);
    keepNewest(derivedKeys, keptKeys);
    return key;
}
