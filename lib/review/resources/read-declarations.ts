import { rulePropertyNames } from "../../rule";
import { alicloudReaders } from "./alicloud-declarations";
import { awsReaders } from "./aws-declarations";
import type { DeclarationReader } from "./declaration-reader";
import { ownReaders, setNames } from "./own-declarations";
import type { ResourceEntry } from "./resource-entry";
import type { RuleDeclaration } from "./rule-declaration";

/** The resource types that say something of a bucket's default encryption. Another type is added here. */
const readers: ReadonlyMap<string, DeclarationReader> = new Map([...ownReaders, ...alicloudReaders, ...awsReaders]);

export function concernsEncryption(type: string): boolean {
    return readers.has(type);
}

/** Names of all properties that the readers read. What the engine lists as changed beside them changes no rule. */
const ruleProperties: ReadonlySet<string> = new Set([
    "bucket",
    "store",
    "unrecognized",
    ...rulePropertyNames,
    "account",
    ...setNames,
    "serverSideEncryptionRule",
    "rules",
    "serverSideEncryptionConfiguration",
    "serverSideEncryptionConfigurations",
    "expectedBucketOwner",
    "id",
    "provider",
]);

/** Whether a changed property, as the engine names it (`rules[0].bucketKeyEnabled`), has to do with a rule. */
export function concernsRule(changedPath: string): boolean {
    const [name = ""] = /^(?:\["[^"]*"\]|[^.[]+)/.exec(changedPath) ?? [];
    return name === "" || name.startsWith("__") || ruleProperties.has(name.replace(/^\["|"\]$/g, ""));
}

/** What the resource says as it is: what a deployment or a refresh last saw of it. */
export function presentDeclarations(entry: ResourceEntry): readonly RuleDeclaration[] {
    return read(entry, { ...entry.inputs, ...entry.outputs });
}

/** What the resource says as it is declared: an engine's preview knows no more of what will be. */
export function declaredDeclarations(entry: ResourceEntry): readonly RuleDeclaration[] {
    const { outputs = {}, inputs } = entry;
    return read(entry, inputs === undefined || Object.keys(inputs).length === 0 ? outputs : inputs);
}

function read(entry: ResourceEntry, values: Readonly<Record<string, unknown>>): readonly RuleDeclaration[] {
    if (entry.external === true) return [];
    const declarations = readers.get(entry.type)?.(entry, values) ?? [];
    const { sourcePosition } = entry;
    return typeof sourcePosition === "string"
        ? declarations.map((declaration) => ({ ...declaration, sourcePosition }))
        : declarations;
}
