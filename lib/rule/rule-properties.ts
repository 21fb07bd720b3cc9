/** The properties that make a rule, in the order in which they are shown. */
export const rulePropertyNames = ["sseAlgorithm", "kmsMasterKeyId", "kmsDataEncryption", "bucketKeyEnabled"] as const;

export type RulePropertyName = (typeof rulePropertyNames)[number];

/** Stands for a value that only the deployment will know, such as an output of a resource that a preview would create. */
export const notYetKnown: unique symbol = Symbol("not yet known");

/** A rule as it was declared: nothing is checked yet, and any value may be `notYetKnown`. */
export type DeclaredRule = { readonly [name in RulePropertyName]?: unknown };
