import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Document, isMap, isScalar, parseDocument } from "yaml";
import { replaceFile, UserError, writing } from "../../errors";
import type { SecretSealer } from "../values/checkpoint-values";
import { coerced, parseConfigPath, valueAt, withoutValueAt, withValueAt } from "./config-path";
import type { Project } from "./project-file";

/** One configuration value as programs get it. */
export interface ConfigValue {
    /** Structured values as JSON text, secrets in plain text. */
    readonly text: string;
    /** Whether any part of it is a secret. */
    readonly secret: boolean;
}

/** Keys are `<namespace>:<name>`. */
export type StackConfig = ReadonlyMap<string, ConfigValue>;

/** `Pulumi.<stack>.yaml`. Edits keep the comments and the form of everything that isn't changed. */
export class StackSettings {
    readonly #project: Project;
    readonly #document: Document;

    private constructor(
        readonly file: string,
        project: Project,
        document: Document,
    ) {
        this.#project = project;
        this.#document = document;
    }

    /** Reads the file; one that isn't there is empty. @throws UserError `invalid-project` */
    static load(project: Project, stack: string): StackSettings {
        const file = join(project.stackSettingsFolder, `Pulumi.${stack}.yaml`);
        const document = existsSync(file)
            ? parseDocument(readFileSync(file, "utf8"), { intAsBigInt: true })
            : new Document({});
        const [fault] = document.errors;
        if (fault !== undefined)
            throw new UserError(
                "invalid-project",
                `The stack's settings are not YAML: ${fault.message.split("\n")[0]}`,
                { file },
            );
        if (document.contents === null) document.contents = document.createNode({}) as never;
        if (
            !isMap(document.contents) ||
            !(document.get("config") === undefined || document.get("config") === null || isMap(document.get("config")))
        ) {
            throw new UserError("invalid-project", 'The stack\'s settings and their "config" must be maps', { file });
        }
        const settings = new StackSettings(file, project, document);
        if (document.has("environment")) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                '"environment" (Pulumi ESC) is not supported by pulumi-embedded',
                { file },
            );
        }
        const provider = document.get("secretsprovider");
        if (
            (provider !== undefined && provider !== "" && provider !== "passphrase" && provider !== "default") ||
            document.has("encryptedkey")
        ) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The secrets provider ${String(provider)} is not supported by pulumi-embedded, only passphrases are`,
                { file },
            );
        }
        return settings;
    }

    get encryptionSalt(): string | undefined {
        const salt = this.#document.get("encryptionsalt");
        return typeof salt === "string" && salt !== "" ? salt : undefined;
    }

    set encryptionSalt(salt: string) {
        this.#document.set("encryptionsalt", salt);
    }

    /** Whether a secret has to be decrypted to read the configuration. */
    get hasSecrets(): boolean {
        return Object.values(this.#rawConfig()).some(holdsSecret);
    }

    /** The stack's configuration over the project's. */
    config(sealer: () => SecretSealer): StackConfig {
        const raw = { ...Object.fromEntries(this.#project.config), ...this.#rawConfig() };
        return new Map(
            Object.keys(raw)
                .sort()
                .map((key) => [key, { text: configText(raw[key], sealer), secret: holdsSecret(raw[key]) }]),
        );
    }

    /** The configuration as history entries hold it: scalars as text, secrets still encrypted. */
    historyConfig(): Record<string, unknown> {
        const entries = Object.entries(this.#rawConfig()).map(
            ([key, value]) => [key, typeof value === "object" ? value : String(value)] as const,
        );
        return JSON.parse(JSON.stringify(Object.fromEntries(entries), bigintsAsNumbers)) as Record<string, unknown>;
    }

    set(key: string, value: string, sealer?: SecretSealer): void {
        this.#write(this.#storedKey(key), sealer === undefined ? value : { secure: sealer.encrypt(value) });
    }

    /** Sets a value inside a structured one, such as `names[0]`. @throws UserError `invalid-command` */
    setAtPath(path: string, value: string, sealer?: SecretSealer): void {
        const { key, way } = parseConfigPath(path);
        const plain = way.length === 0 ? value : coerced(value);
        const stored = this.#storedKey(key);
        const former = this.#rawConfig()[this.qualifiedKey(key)];
        this.#write(stored, withValueAt(former, way, sealer === undefined ? plain : { secure: sealer.encrypt(value) }));
    }

    /** Sets values given as `key=value`, as `--config` does: paths build new structures, which take the place of old ones. */
    setAll(pairs: readonly string[], arePaths: boolean): void {
        const values = new Map<string, unknown>();
        for (const pair of pairs) {
            const [name = "", ...rest] = pair.split("=");
            const { key, way } = arePaths ? parseConfigPath(name) : { key: name, way: [] };
            const value = way.length === 0 ? rest.join("=") : coerced(rest.join("="));
            const stored = this.#storedKey(key);
            values.set(stored, withValueAt(values.get(stored), way, value));
        }
        for (const [stored, value] of values) this.#write(stored, value);
    }

    /** @returns whether the key was there */
    remove(key: string): boolean {
        const stored = this.#storedKey(key);
        if (!this.#document.hasIn(["config", stored])) return false;
        this.#document.deleteIn(["config", stored]);
        return true;
    }

    /** @returns whether the path led to something */
    removeAtPath(path: string): boolean {
        const { key, way } = parseConfigPath(path);
        if (way.length === 0) return this.remove(key);
        const former = this.#rawConfig()[this.qualifiedKey(key)];
        const rest = withoutValueAt(former, way);
        if (valueAt(former, way) === undefined) return false;
        this.#write(this.#storedKey(key), rest);
        return true;
    }

    /** One value of the stack's or the project's configuration, inside a structured one if the path leads there. */
    valueAt(path: string, sealer: () => SecretSealer): ConfigValue | undefined {
        const { key, way } = parseConfigPath(path);
        const qualified = this.qualifiedKey(key);
        const found = valueAt(this.#rawConfig()[qualified] ?? this.#project.config.get(qualified), way);
        return found === undefined ? undefined : { text: configText(found, sealer), secret: holdsSecret(found) };
    }

    save(): void {
        const text = this.#document.toString({ lineWidth: 0 });
        writing("state-not-written", this.file, () => replaceFile(this.file, text.endsWith("\n") ? text : `${text}\n`));
    }

    /** `name` belongs to the project, `namespace:name` is taken as it is; `namespace:config:name` is the CLI's old form. */
    qualifiedKey(key: string): string {
        const parts = key.split(":");
        if (parts.some((part) => part === "") || parts.length > 3 || (parts.length === 3 && parts[1] !== "config")) {
            throw new UserError(
                "invalid-command",
                `The configuration key "${key}" is not of the form [<namespace>:]<name>`,
            );
        }
        return parts.length === 1 ? `${this.#project.name}:${key}` : `${parts[0]}:${parts.at(-1)}`;
    }

    #write(stored: string, value: unknown): void {
        if (!isMap(this.#document.get("config"))) this.#document.set("config", this.#document.createNode({}));
        const path = ["config", stored];
        const existing = this.#document.getIn(path, true);
        // The comment beside a value belongs to its node.
        if (typeof value === "string" && isScalar(existing)) existing.value = value;
        else this.#document.setIn(path, this.#document.createNode(value));
    }

    #rawConfig(): Record<string, unknown> {
        const config = (this.#document.toJS() as Record<string, unknown> | null)?.config ?? {};
        return Object.fromEntries(
            Object.entries(config as object).map(([key, value]) => [this.qualifiedKey(key), value]),
        );
    }

    /** The spelling under which the file already holds the key. */
    #storedKey(key: string): string {
        const config = this.#document.get("config");
        const qualified = this.qualifiedKey(key);
        const existing = isMap(config)
            ? config.items.map((item) => String(item.key)).find((stored) => this.qualifiedKey(stored) === qualified)
            : undefined;
        return existing ?? qualified;
    }
}

const bigintsAsNumbers = (_key: string, part: unknown): unknown => (typeof part === "bigint" ? Number(part) : part);

const isSecure = (value: unknown): value is { secure: string } =>
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length === 1 &&
    typeof (value as { secure?: unknown }).secure === "string";

function holdsSecret(value: unknown): boolean {
    return isSecure(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret));
}

function configText(value: unknown, sealer: () => SecretSealer): string {
    const open = (part: unknown): unknown => {
        if (isSecure(part)) return sealer().decrypt(part.secure);
        if (Array.isArray(part)) return part.map(open);
        if (typeof part === "object" && part !== null)
            return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, open(item)]));
        return part;
    };
    const opened = open(value);
    return typeof opened === "object" && opened !== null ? JSON.stringify(opened, bigintsAsNumbers) : String(opened);
}
