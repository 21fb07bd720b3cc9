import { createCipheriv, createDecipheriv, createHash, pbkdf2, randomBytes } from "node:crypto";
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
    readonly #key: Buffer;

    private constructor(
        key: Buffer,
        /** The text that the CLI stores as `encryptionsalt` and in each state: `v1:<salt>:<ciphertext of a known word>`. */
        readonly salt: string,
    ) {
        this.#key = key;
    }

    /** @throws UserError `passphrase-wrong` or `secret-unreadable` (a malformed salt) */
    static async open(salt: string, passphrase: string): Promise<PassphraseSealer> {
        const [version, saltText, ...proof] = salt.split(":");
        if (version !== "v1" || saltText === undefined || proof.length !== 3) {
            throw new UserError(
                "secret-unreadable",
                "The encryption salt of the stack has not the form v1:<salt>:v1:<nonce>:<ciphertext>",
                {},
                { cure: "Restore `encryptionsalt` in the stack's settings file, or the state file, from a copy." },
            );
        }
        const sealer = new PassphraseSealer(await deriveKey(passphrase, Buffer.from(saltText, "base64")), salt);
        try {
            if (sealer.decrypt(proof.join(":")) === knownPlaintext) return sealer;
        } catch {
            // A wrong key; reported below.
        }
        throw new UserError("passphrase-wrong", "incorrect passphrase");
    }

    static async create(passphrase: string): Promise<PassphraseSealer> {
        const salt = randomBytes(8);
        const key = await deriveKey(passphrase, salt);
        const proof = new PassphraseSealer(key, "").encrypt(knownPlaintext);
        return new PassphraseSealer(key, `v1:${salt.toString("base64")}:${proof}`);
    }

    encrypt(plaintext: string): string {
        const nonce = randomBytes(12);
        const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
        const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
        return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
    }

    decrypt(ciphertext: string): string {
        const [version, nonce, sealedText] = ciphertext.split(":");
        const sealed = Buffer.from(sealedText ?? "", "base64");
        if (version !== "v1" || nonce === undefined || sealed.length < tagBytes) {
            throw new UserError("secret-unreadable", "A secret has not the form v1:<nonce>:<ciphertext>");
        }
        try {
            const decipher = createDecipheriv("aes-256-gcm", this.#key, Buffer.from(nonce, "base64"));
            decipher.setAuthTag(sealed.subarray(-tagBytes));
            return decipher.update(sealed.subarray(0, -tagBytes), undefined, "utf8") + decipher.final("utf8");
        } catch (cause) {
            throw new UserError("secret-unreadable", "A secret was not encrypted with this stack's key", {}, { cause });
        }
    }
}

/** Keys by salt and digest of the passphrase. A derivation takes a tenth of a second, and a process opens the same stack again and again. */
const derivedKeys = new Map<string, Promise<Buffer>>();
const keptKeys = 100;

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
    const name = `${salt.toString("base64")} ${createHash("sha256").update(passphrase).digest("base64")}`;
    const known = derivedKeys.get(name);
    if (known !== undefined) return known;
    const key = promisify(pbkdf2)(passphrase, salt, rounds, keyBytes, "sha256");
    derivedKeys.set(name, key);
    keepNewest(derivedKeys, keptKeys);
    return key;
}
