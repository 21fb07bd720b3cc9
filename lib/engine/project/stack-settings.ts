import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Document, isMap, isScalar } from "yaml";
import { DocumentShape, parseYaml, readDocument } from "../../documents";
import { UserError, writing } from "../../errors";
import { replaceFile } from "../../files";
import type { SecretSealer } from "../values/checkpoint-values";
import { parseConfigPath, valueAt, withoutValueAt, withValueAt } from "./config-path";
import { type ConfigType, coerced, typedScalar } from "./config-scalar";
import { type ConfigDeclaration, hasConfigType, typeText } from "./project-config";
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

/** `Pulumi.<stack>.yaml`. Edits keep comments and the form of everything else. */
export class StackSettings {
    readonly file: string;
    readonly #project: Project;
    readonly #stack: string;
    readonly #document: Document;

    private constructor(file: string, project: Project, stack: string, document: Document) {
        this.file = file;
        this.#project = project;
        this.#stack = stack;
        this.#document = document;
    }

    static fileOf(project: Project, stack: string): string {
        return join(project.stackSettingsFolder, `Pulumi.${stack}.yaml`);
    }

    /** Reads the file; a missing one is empty. @throws UserError `invalid-project`, `not-supported-by-embedded-engine` */
    static load(project: Project, stack: string): StackSettings {
        const file = StackSettings.fileOf(project, stack);
        const source = { kind: "invalid-project", title: "The stack's settings file", file } as const;
        const text = existsSync(file) ? readDocument(source) : "";
        const { value, document } = parseYaml(text, settingsShape, source, true);
        if (document.contents === null) document.contents = document.createNode({});
        if (value?.environment !== undefined) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                '"environment" (Pulumi ESC) is not supported by pulumi-embedded',
                { file },
            );
        }
        const provider = value?.secretsprovider ?? "";
        if (!["", "passphrase", "default"].includes(provider) || value?.encryptedkey !== undefined) {
            throw new UserError(
                "not-supported-by-embedded-engine",
                `The secrets provider ${provider} is not supported by pulumi-embedded, only passphrases are`,
                { file },
            );
        }
        for (const key of Object.keys(value?.config ?? {})) {
            if (qualified(key, project.name) === undefined)
                throw new UserError(
                    "invalid-project",
                    `The configuration key ${JSON.stringify(key)} is not of the form [<namespace>:]<name>`,
                    { file },
                );
        }
        return new StackSettings(file, project, stack, document);
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
        const declared = this.#project.config.filter(({ value }) => value !== undefined);
        const raw = { ...Object.fromEntries(declared.map(({ key, value }) => [key, value])), ...this.#rawConfig() };
        return new Map(
            Object.keys(raw)
                .sort()
                .map((key) => [key, { text: configText(raw[key], sealer), secret: holdsSecret(raw[key]) }]),
        );
    }

    /**
     * Refuses a configuration that is not what the project declares: values are missing, or of another type.
     * @throws UserError `invalid-project` with every fault
     */
    refuseOtherThanDeclared(sealer: () => SecretSealer): void {
        const own = this.#rawConfig();
        const faults = this.#project.config.flatMap((declaration) => this.#declarationFault(declaration, own, sealer));
        if (faults.length === 0) return;
        throw new UserError(
            "invalid-project",
            faults.join("; "),
            { file: this.file },
            { cure: "Set the values with `pulumi-embedded config set KEY VALUE`." },
        );
    }

    /** Every secret value of the configuration, in plain text: the values that no text may show. */
    secretTexts(sealer: () => SecretSealer): string[] {
        return Object.values(this.#rawConfig()).flatMap((value) => secretTextsIn(value, sealer));
    }

    /** How a stack's configuration differs from the project's declaration (pkg/workspace/config.go). */
    #declarationFault(
        declaration: ConfigDeclaration,
        own: Record<string, unknown>,
        sealer: () => SecretSealer,
    ): string[] {
        const { name, key, type, items, secret, value, isProjects } = declaration;
        const found = own[key];
        if (found === undefined)
            return value === undefined && isProjects
                ? [`Stack '${this.#stack}' is missing configuration value '${name}'`]
                : [];
        if (type === undefined) return [];
        if (secret && !holdsSecret(found))
            return [`Stack '${this.#stack}' with configuration key '${name}' must be encrypted as it's secret`];
        return hasConfigType(plainValue(found, sealer), type, items)
            ? []
            : [`Stack '${this.#stack}' with configuration key '${name}' must be of type '${typeText(type, items)}'`];
    }

    /** Configuration that a history entry holds, as programs get it. */
    recorded(config: Readonly<Record<string, unknown>>, sealer: () => SecretSealer): StackConfig {
        return new Map(
            Object.entries(config).map(([key, value]) => [
                key,
                { text: configText(value, sealer), secret: holdsSecret(value) },
            ]),
        );
    }

    /** The configuration as history entries hold it: scalars as text, secrets still encrypted. */
    historyConfig(): Record<string, unknown> {
        const entries = Object.entries(this.#rawConfig()).map(
            ([key, value]) => [key, typeof value === "object" ? value : String(value)] as const,
        );
        return JSON.parse(JSON.stringify(Object.fromEntries(entries), bigintsAsNumbers)) as Record<string, unknown>;
    }

    /** @param type the type in the file; text by default */
    set(key: string, value: string, sealer?: SecretSealer, type: ConfigType = "string"): void {
        const written = sealer === undefined ? typedScalar(value, type) : { secure: sealer.encrypt(value) };
        this.#write(this.#storedKey(key), written);
    }

    /**
     * Sets a value inside a structured one, such as `names[0]`.
     * @param type the type in the file; by default the one that the text looks like
     * @throws UserError `invalid-command`
     */
    setAtPath(path: string, value: string, sealer?: SecretSealer, type?: ConfigType): void {
        const { key, way } = parseConfigPath(path);
        const stored = this.#storedKey(key);
        const former = this.#rawConfig()[this.qualifiedKey(key)];
        const plain = type !== undefined ? typedScalar(value, type) : way.length === 0 ? value : coerced(value);
        const written = sealer === undefined ? plain : { secure: sealer.encrypt(value) };
        this.#write(stored, withValueAt(former, way, written));
    }

    /** Sets values given as `key=value`, as `--config` does: paths build new structures, which replace old ones. */
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

    /** @returns whether there was a value at the path */
    removeAtPath(path: string): boolean {
        const { key, way } = parseConfigPath(path);
        if (way.length === 0) return this.remove(key);
        const former = this.#rawConfig()[this.qualifiedKey(key)];
        const rest = withoutValueAt(former, way);
        if (valueAt(former, way) === undefined) return false;
        this.#write(this.#storedKey(key), rest);
        return true;
    }

    /** One value of the stack's or the project's configuration, or a part of a structured one. */
    valueAt(path: string, sealer: () => SecretSealer): ConfigValue | undefined {
        const { key, way } = parseConfigPath(path);
        const qualified = this.qualifiedKey(key);
        const found = valueAt(
            this.#rawConfig()[qualified] ?? this.#project.config.find((declared) => declared.key === qualified)?.value,
            way,
        );
        return found === undefined ? undefined : { text: configText(found, sealer), secret: holdsSecret(found) };
    }

    save(): void {
        const text = this.#document.toString({ lineWidth: 0 });
        writing("state-not-written", this.file, () => replaceFile(this.file, text.endsWith("\n") ? text : `${text}\n`));
    }

    /**
     * `name` belongs to the project, `namespace:name` is taken as it is; `namespace:config:name` is the CLI's old form.
     * @throws UserError `invalid-command`
     */
    qualifiedKey(key: string): string {
        const found = qualified(key, this.#project.name);
        if (found !== undefined) return found;
        throw new UserError(
            "invalid-command",
            `The configuration key ${JSON.stringify(key)} is not of the form [<namespace>:]<name>`,
            {},
            { cure: "Write it as `name`, or with the namespace of a package: `aws:region`." },
        );
    }

    #write(stored: string, value: unknown): void {
        if (!isMap(this.#document.get("config"))) this.#document.set("config", this.#document.createNode({}));
        const path = ["config", stored];
        const existing = this.#document.getIn(path, true);
        // The comment beside a value belongs to its node.
        if (typeof value !== "object" && isScalar(existing)) existing.value = value;
        else this.#document.setIn(path, this.#document.createNode(value));
    }

    #rawConfig(): Record<string, unknown> {
        const config = (this.#document.toJS() as Record<string, unknown> | null)?.config ?? {};
        return Object.fromEntries(
            Object.entries(config as object).map(([key, value]) => [this.qualifiedKey(key), value]),
        );
    }

    /** The spelling of the key in the file, if it is there. */
    #storedKey(key: string): string {
        const config = this.#document.get("config");
        const qualified = this.qualifiedKey(key);
        const existing = isMap(config)
            ? config.items.map((item) => String(item.key)).find((stored) => this.qualifiedKey(stored) === qualified)
            : undefined;
        return existing ?? qualified;
    }
}

function qualified(key: string, project: string): string | undefined {
    const parts = key.split(":");
    if (parts.some((part) => part === "") || parts.length > 3 || (parts.length === 3 && parts[1] !== "config"))
        return undefined;
    return parts.length === 1 ? `${project}:${key}` : `${parts[0]}:${parts.at(-1)}`;
}

const settingsShape = new DocumentShape<{
    readonly config?: Readonly<Record<string, unknown>> | null;
    readonly encryptionsalt?: string;
    readonly secretsprovider?: string;
    readonly encryptedkey?: string;
    readonly environment?: unknown;
} | null>({
    type: ["object", "null"],
    properties: {
        config: { type: ["object", "null"] },
        encryptionsalt: { type: "string" },
        secretsprovider: { type: "string" },
        encryptedkey: { type: "string" },
        environment: {},
    },
});

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
    const plain = plainValue(value, sealer);
    return typeof plain === "object" && plain !== null ? JSON.stringify(plain, bigintsAsNumbers) : String(plain);
}

/** A value with its secrets in plain text. */
function plainValue(value: unknown, sealer: () => SecretSealer): unknown {
    if (isSecure(value)) return sealer().decrypt(value.secure);
    if (Array.isArray(value)) return value.map((item) => plainValue(item, sealer));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item, sealer)]));
}

function secretTextsIn(value: unknown, sealer: () => SecretSealer): string[] {
    if (isSecure(value)) return [sealer().decrypt(value.secure)];
    if (typeof value !== "object" || value === null) return [];
    return Object.values(value).flatMap((item) => secretTextsIn(item, sealer));
}
