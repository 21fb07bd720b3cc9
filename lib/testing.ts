/** For tests of stacks that use this package. */

export {
    EmbeddedEngine,
    type EmbeddedEngineOptions,
    type ResourceStep,
    type RunOptions,
    type RunResult,
    TemporaryStack,
    type TemporaryStackOptions,
} from "./engine";
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
