/** For your own policy packs: `import { … } from "pulumi-bucket-encryption/policy"`. Needs `@pulumi/policy`. */

export { encryptionPolicies } from "./encryption-policies";
export type { KeyCondition, KnownKey } from "./key-facts";
export { type AllowedAlgorithmsConfig, allowedAlgorithms } from "./policies/allowed-algorithms";
export { type AllowedKeysConfig, allowedKeys } from "./policies/allowed-keys";
export { cisAlibabaCloud58, cisAlibabaCloud59, type ServiceKeyConfig } from "./policies/cis-alibaba-cloud";
export { type CustomerKeyConfig, customerKeyRequired } from "./policies/customer-key-required";
export { everyBucketHasARule } from "./policies/every-bucket-has-a-rule";
export { type ExpectedAccountsConfig, expectedAccounts } from "./policies/expected-accounts";
export { type KeepRuleConfig, keepRuleOnDelete } from "./policies/keep-rule-on-delete";
export { oneOwner } from "./policies/one-owner";
export type { PolicyException } from "./policy-exceptions";
export type { CommonConfig, PolicyOptions } from "./policy-options";
export { type PackConfiguration, policyPresets } from "./policy-presets";
