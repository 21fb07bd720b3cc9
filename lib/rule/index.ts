export type { RuleIssue } from "./rule-issue";
export type { ObservedRule, ServerSideEncryptionRule } from "./server-side-encryption-rule";
