export type { EncryptionRule, SseAlgorithm } from "./cloud/encryption-rule";
export { type KmsGateway, kmsGateways } from "./cloud/environment";
export type {
    AccessKeyEntry,
    AccountEntry,
    AccountsDocument,
    BucketEntry,
    KmsKeyEntry,
    OidcProviderEntry,
    RoleEntry,
    StatementEntry,
    UserEntry,
} from "./configuration/accounts-document";
export { readAccountsFile } from "./configuration/accounts-file";
export { type ConfigurationFault, LocalCloudConfigurationError } from "./configuration/configuration-error";
export { readFaultsFile } from "./configuration/faults-file";
export type { LocalCloudOptions } from "./configuration/local-cloud-options";
export type { Fault, FaultEffect, FaultScope } from "./fault";
export type { Faults } from "./faults";
export type { Journal, JournalEntry, JournalFilter } from "./journal";
export { LocalCloud, type NewBucket, type TemporaryCredentials } from "./local-cloud";
