import type { ResourceEntry } from "./resource-entry";
import type { RuleDeclaration } from "./rule-declaration";

/**
 * The declarations of buckets' rules in a resource.
 * @param values its properties: what is there (outputs) for the side before a change, what was declared (inputs) for the one after
 */
export type DeclarationReader = (
    entry: ResourceEntry,
    values: Readonly<Record<string, unknown>>,
) => readonly RuleDeclaration[];
