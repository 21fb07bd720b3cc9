import { type RuleIssue, rulePropertyNames, validateRule } from "../rule";

/** A bucket's rule in another tool's state. */
export interface AdoptedRule {
    /** What the other tool calls the resource: a URN, or a Terraform address. */
    readonly source: string;
    /** What it is called in the stack. */
    readonly name: string;
    /** Values as they stand in the state: texts, or what the engine wrote for a secret. What is empty is left out. */
    readonly properties: Readonly<Record<string, unknown>>;
}

/** The properties of a rule in another tool's words for them, without what is empty or a default written out. */
export function adoptedProperties(
    values: Readonly<Record<string, unknown>>,
    wordFor: (name: string) => string = (name) => name,
): Readonly<Record<string, unknown>> {
    const entries = ["bucket", ...rulePropertyNames].map((name) => [name, values[wordFor(name)]]);
    const isLeftOut = ([name, value]: unknown[]) =>
        value === undefined || value === null || value === "" || (name === "kmsDataEncryption" && value === "AES256");
    return Object.fromEntries(entries.filter((entry) => !isLeftOut(entry)));
}

/** The faults of a rule as a declaration. Secrets are not checked, because their values are hidden. */
export function adoptionIssues({ properties }: AdoptedRule): readonly RuleIssue[] {
    if (properties.bucket === undefined) return [{ code: "required", path: "bucket", message: "is missing" }];
    const secrets = Object.values(properties).some((value) => typeof value === "object");
    return secrets ? [] : validateRule(properties).issues;
}
