/** For tests of stacks that use this package. */
export {
    type AccountsDocument,
    type Fault,
    type JournalEntry,
    type JournalFilter,
    LocalCloud,
    LocalCloudConfigurationError,
    type LocalCloudOptions,
    type TemporaryCredentials,
} from "./local-cloud";
