export { canonicalizeRule, isAsDeclared, type RuleDifference, ruleDifferences, rulesEqual } from "./compare-rules";
export { type KeyIdentity, keyIdentity, keyOwner } from "./key-name";
export { nearestSpelling } from "./nearest-spelling";
export {
    capabilitiesOfAnyStore,
    keyedAlgorithms,
    type RuleCapabilities,
    type SseAlgorithm,
    sseAlgorithms,
} from "./rule-capabilities";
export type { RuleIssue } from "./rule-issue";
export { type DeclaredRule, notYetKnown, type RulePropertyName, rulePropertyNames } from "./rule-properties";
export { type RuleChange, ruleChange, ruleStrength } from "./rule-strength";
export { describeRule } from "./rule-text";
export type { ObservedRule, ServerSideEncryptionRule } from "./server-side-encryption-rule";
export { kmsDataEncryptions, type RuleValidation, validateRule } from "./validate-rule";
