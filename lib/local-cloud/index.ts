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
export type { Fault, FaultEffect, FaultScope, Faults } from "./faults";
export type { Journal, JournalEntry, JournalFilter } from "./journal";
export { LocalCloud, type LocalCloudOptions, type NewBucket, type TemporaryCredentials } from "./local-cloud";
