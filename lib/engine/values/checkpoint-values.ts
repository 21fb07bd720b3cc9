import { valueText } from "../../text";
import {
    Archive,
    Asset,
    isPropertyList,
    type PropertyMap,
    type PropertyValue,
    ResourceReference,
    Secret,
    Unknown,
} from "./property-value";
import { signatureKey, signatures, unknownSentinel, unknownSentinels } from "./signatures";
import { assetSource, resourceReference } from "./wire-values";

/** A value as a checkpoint holds it. */
export type CheckpointJson = null | boolean | number | string | CheckpointJson[] | { [key: string]: CheckpointJson };

/** Seals and opens the secrets of one stack. Both are given and return JSON text. */
export interface SecretSealer {
    encrypt(plaintext: string): string;
    decrypt(ciphertext: string): string;
}

/** How secrets are written: sealed, in plain text (`--show-secrets`) or masked. */
export type SecretWriter = (secret: Secret) => CheckpointJson;

/** The writer for state files. A secret from a file keeps its ciphertext, so that unchanged state stays unchanged. */
export function sealedSecrets(sealer: SecretSealer): SecretWriter {
    return (secret) => {
        let ciphertext = knownCiphertexts.get(secret);
        if (ciphertext === undefined) {
            ciphertext = sealer.encrypt(JSON.stringify(toCheckpoint(secret.value, plaintextSecrets)));
            knownCiphertexts.set(secret, ciphertext);
        }
        return { [signatureKey]: signatures.secret, ciphertext };
    };
}

export const plaintextSecrets: SecretWriter = (secret) => ({
    [signatureKey]: signatures.secret,
    plaintext: JSON.stringify(toCheckpoint(secret.value, plaintextSecrets)),
});

export const maskedSecrets: SecretWriter = () => "[secret]";

/** The writer that leaves secrets in plain text, for people and programs that may see them. */
export const shownSecrets: SecretWriter = (secret) => toCheckpoint(secret.value, shownSecrets);

const knownCiphertexts = new WeakMap<Secret, string>();

/** Writes a value as JSON, map keys sorted. */
export function toCheckpoint(value: PropertyValue, writeSecret: SecretWriter): CheckpointJson {
    if (typeof value === "number" && !Number.isFinite(value)) return floatToCheckpoint(value);
    if (value === null || typeof value !== "object") return value;
    if (value instanceof Unknown) return unknownSentinel;
    if (value instanceof Secret) return writeSecret(value);
    if (value instanceof Asset) return { [signatureKey]: signatures.asset, hash: value.hash, ...value.source };
    if (value instanceof Archive) {
        const source = value.source === undefined ? {} : (toCheckpoint(value.source, writeSecret) as object);
        return { [signatureKey]: signatures.archive, hash: value.hash, ...source };
    }
    if (value instanceof ResourceReference) {
        return {
            [signatureKey]: signatures.resourceReference,
            urn: value.urn,
            ...(value.id === undefined ? {} : { id: value.id instanceof Unknown ? unknownSentinel : value.id }),
            ...(value.packageVersion === undefined ? {} : { packageVersion: value.packageVersion }),
        };
    }
    if (isPropertyList(value)) return value.map((item) => toCheckpoint(item, writeSecret));
    return mapToCheckpoint(value as PropertyMap, writeSecret);
}

export function mapToCheckpoint(map: PropertyMap, writeSecret: SecretWriter): { [key: string]: CheckpointJson } {
    const result: { [key: string]: CheckpointJson } = {};
    for (const key of Object.keys(map).sort()) result[key] = toCheckpoint(map[key] as PropertyValue, writeSecret);
    return result;
}

/** Reads a value of a checkpoint. `sealer` is called for only when there is a ciphertext. */
export function fromCheckpoint(json: CheckpointJson, sealer: () => SecretSealer): PropertyValue {
    if (typeof json === "string") return unknownSentinels.has(json) ? Unknown.instance : json;
    if (json === null || typeof json !== "object") return json;
    if (Array.isArray(json)) return json.map((item) => fromCheckpoint(item, sealer));
    switch (json[signatureKey]) {
        case undefined:
            break;
        case signatures.secret:
            return secretFromCheckpoint(json, sealer);
        case signatures.asset:
            return new Asset(valueText(json.hash ?? ""), assetSource(json));
        case signatures.archive: {
            const { [signatureKey]: _tag, hash, ...source } = json;
            const fields = mapFromCheckpoint(source, sealer);
            return new Archive(valueText(hash ?? ""), Object.keys(fields).length > 0 ? fields : undefined);
        }
        case signatures.resourceReference:
            return resourceReference(json);
        case signatures.float:
            return Buffer.from(valueText(json.value), "hex").readDoubleBE();
    }
    return mapFromCheckpoint(json, sealer);
}

export function mapFromCheckpoint(map: { [key: string]: CheckpointJson }, sealer: () => SecretSealer): PropertyMap {
    const result: { [key: string]: PropertyValue } = {};
    for (const key of Object.keys(map)) result[key] = fromCheckpoint(map[key] as CheckpointJson, sealer);
    return result;
}

function secretFromCheckpoint(json: { [key: string]: CheckpointJson }, sealer: () => SecretSealer): Secret {
    const sealed = json.ciphertext;
    const text = typeof sealed === "string" ? sealer().decrypt(sealed) : valueText(json.plaintext ?? "null");
    const secret = new Secret(fromCheckpoint(JSON.parse(text), sealer));
    if (typeof sealed === "string") knownCiphertexts.set(secret, sealed);
    return secret;
}

function floatToCheckpoint(value: number): CheckpointJson {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return { [signatureKey]: signatures.float, value: bytes.toString("hex") };
}
