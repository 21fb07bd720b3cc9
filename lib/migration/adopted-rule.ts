import { DeclarationParser } from "../declaration";
import { notYetKnown, type RuleIssue, rulePropertyNames } from "../rule";
import { storeFamilies } from "../stores";

/** A bucket's rule in another tool's state. */
export interface AdoptedRule {
    /** What the other tool calls the resource: a URN, or a Terraform address. */
    readonly source: string;
    /** What it is called in the stack. */
    readonly name: string;
    /** Values as they stand in the state: texts, or what the engine wrote for a secret. Empty values are omitted. */
    readonly properties: Readonly<Record<string, unknown>>;
    /** How the stack treats the resource, where its state says so. */
    readonly options?: Readonly<Partial<Record<(typeof adoptedOptions)[number], true>>>;
}

/** Options of a resource that a program must repeat, or the next deployment gives the protection up. */
export const adoptedOptions = ["protect", "retainOnDelete"] as const;

/** The properties of a rule in another tool's terms, without empty values and explicit defaults. */
export function adoptedProperties(
    values: Readonly<Record<string, unknown>>,
    wordFor: (name: string) => string = (name) => name,
): Readonly<Record<string, unknown>> {
    const entries = ["bucket", ...rulePropertyNames].map((name) => [name, values[wordFor(name)]]);
    const isLeftOut = ([name, value]: unknown[]) =>
        value === undefined || value === null || value === "" || (name === "kmsDataEncryption" && value === "AES256");
    return Object.fromEntries(entries.filter((entry) => !isLeftOut(entry)));
}

const parser = new DeclarationParser({ families: storeFamilies, settings: () => ({}) });

/** The faults of a rule as a declaration. A secret's value is hidden, so it counts as one that is not known yet. */
export function adoptionIssues({ properties }: AdoptedRule): readonly RuleIssue[] {
    const values = Object.entries(properties).map(([name, value]) => [
        name,
        typeof value === "object" ? notYetKnown : value,
    ]);
    return parser.parseDeclaration(Object.fromEntries(values)).issues;
}
