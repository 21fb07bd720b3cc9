import {
    Archive,
    Asset,
    isPropertyList,
    isPropertyMap,
    type PropertyMap,
    type PropertyValue,
    Secret,
    withoutSecrets,
} from "../values/property-value";

const mask = "[secret]";
/** Shorter values occur in too many words. */
const fewestCharacters = 3;
/** Programs print line by line, so each line of a secret is hidden on its own if it has this length. */
const fewestInLine = 8;

/** Hides a stack's secret configuration values in texts, as the CLI does (sdk/go/common/util/logging, AddGlobalSecretFilter). */
export class SecretFilter {
    readonly #pattern: RegExp | undefined;
    readonly #showsSecrets: boolean;

    /**
     * @param secrets the values in plain text
     * @param showsSecrets whether properties that are marked as secret are shown in plain text; texts never are
     */
    constructor(secrets: readonly string[], showsSecrets = false) {
        const hidden = new Set(secrets.filter(isHidden).flatMap(writtenForms));
        // The longest first: one secret may be a part of another.
        const alternatives = [...hidden].sort((one, other) => other.length - one.length).map(escaped);
        this.#pattern = alternatives.length === 0 ? undefined : new RegExp(alternatives.join("|"), "g");
        this.#showsSecrets = showsSecrets;
    }

    /** Whether there is anything to hide or to show in properties. */
    get isNeeded(): boolean {
        return this.#pattern !== undefined || this.#showsSecrets;
    }

    text(text: string): string {
        return this.#pattern === undefined ? text : text.replace(this.#pattern, mask);
    }

    /** The same properties with every text filtered. Marked secrets stay marked unless they are shown. */
    properties(map: PropertyMap): PropertyMap {
        return Object.fromEntries(Object.entries(map).map(([key, value]) => [this.text(key), this.#value(value)]));
    }

    #value(value: PropertyValue): PropertyValue {
        if (typeof value === "string") return this.text(value);
        if (typeof value === "number") return this.text(String(value)) === mask ? mask : value;
        if (value instanceof Secret) return this.#showsSecrets ? withoutSecrets(value) : value;
        if (value instanceof Asset) {
            const { source } = value;
            return source !== undefined && "text" in source
                ? new Asset(value.hash, { text: this.text(source.text) })
                : value;
        }
        if (value instanceof Archive)
            return value.source === undefined ? value : new Archive(value.hash, this.properties(value.source));
        if (isPropertyList(value)) return value.map((item) => this.#value(item));
        return isPropertyMap(value) ? this.properties(value) : value;
    }
}

const isHidden = (secret: string): boolean => secret.length >= fewestCharacters && !/^(true|false)$/i.test(secret);

/** A secret as texts may hold it: as it is, as JSON, and each of its lines. */
function writtenForms(secret: string): string[] {
    const lines = secret.split(/\r?\n/).map((line) => line.trim());
    const parts = lines.length === 1 ? [] : lines.filter(({ length }) => length >= fewestInLine);
    return [secret, ...parts].flatMap((text) => {
        const json = JSON.stringify(text).slice(1, -1);
        // Go's encoder escapes these too.
        const goJson = json.replace(/[<>&\u2028\u2029]/g, (character) => unicodeEscape(character));
        return [text, json, goJson];
    });
}

const unicodeEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
