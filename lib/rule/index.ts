export { canonicalizeRule, type RuleDifference, ruleDifferences, rulesEqual } from "./compare-rules";
export { nearestSpelling } from "./nearest-spelling";
export type { RuleIssue } from "./rule-issue";
export { type DeclaredRule, notYetKnown, type RulePropertyName, rulePropertyNames } from "./rule-properties";
export type { ObservedRule, ServerSideEncryptionRule } from "./server-side-encryption-rule";
export { kmsDataEncryptions, type RuleValidation, sseAlgorithms, validateRule } from "./validate-rule";
