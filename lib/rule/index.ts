export {
    type AllowedCombination,
    allowedCombinations,
    type StoreAlgorithms,
    storeAlgorithms,
} from "./allowed-combinations";
export {
    type ArgumentRow,
    type ArgumentRows,
    type ArgumentValue,
    canonicalValue,
    isSupported,
    presentValue,
    rowsOf,
    valueIssues,
} from "./argument-row";
export { type CisRecommendation, cisRecommendationNames, cisRecommendations, meetsCis } from "./cis-alibaba-cloud";
export { canonicalizeRule, isAsDeclared, type RuleDifference, ruleDifferences, rulesEqual } from "./compare-rules";
export { type KeyIdentity, keyIdentity, keyOwner } from "./key-name";
export { nearestSpelling } from "./nearest-spelling";
export { type NotYetKnown, notYetKnown } from "./not-yet-known";
export { quoted } from "./quoted";
export {
    type DeclaredRule,
    isSetting,
    type ObservedRule,
    observedRuleOf,
    optionalRuleArguments,
    type RuleArgumentsWith,
    type RulePropertyName,
    ruleArguments,
    rulePropertyNames,
    type ServerSideEncryptionRule,
    type SseAlgorithm,
    sseAlgorithms,
} from "./rule-arguments";
export { capabilitiesOfAnyStore, type RuleCapabilities, type StoreCapabilities } from "./rule-capabilities";
export type { RuleIssue } from "./rule-issue";
export {
    isStronger,
    lostProtections,
    type RuleChange,
    ruleChange,
    ruleStrength,
} from "./rule-strength";
export { describeReplacement, describeRule } from "./rule-text";
export { type RuleValidation, validateRule } from "./validate-rule";
