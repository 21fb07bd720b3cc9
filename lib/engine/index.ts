export type { EngineEvent, EngineListener, ResourceChanges } from "./deployment/engine-event";
export type { ScopeOptions } from "./deployment/operation-scope";
export type { Step, StepOp } from "./deployment/step";
export { painterFor } from "./display/colors";
export { EventLog } from "./display/event-log";
export { EventStream } from "./display/event-stream";
export { LiveTree, narrowestTree, type Terminal } from "./display/live-tree";
export { OperationText } from "./display/operation-text";
export { PreviewJson } from "./display/preview-json";
export { EmbeddedEngine, type HistoryRecord, type RunResult } from "./embedded-engine";
export type {
    ConfigSetting,
    EmbeddedEngineOptions,
    ImportRunOptions,
    RemovalOptions,
    RunOptions,
} from "./engine-options";
export { type ImportEntry, type ImportFile, importFileShape } from "./import/import-file";
export type { ImportResult } from "./import/import-stack";
export type { OperationResult } from "./operations/operation-result";
export { notSetUp, type SetUpNeed, type SetUpQuestion, setUpNeeds } from "./operations/set-up";
export type { ExportedState } from "./operations/state-transfer";
export type { ResourceStep } from "./operations/step-list";
export { readPolicyConfig } from "./policy/policy-config";
export type { PolicyPackSource } from "./policy/policy-pack";
export type { Violation } from "./policy/violation";
export type { ProgramFunction } from "./program/inline-program";
export type { ConfigType } from "./project/config-scalar";
export type { ConfigValue, StackConfig } from "./project/stack-settings";
export { engineVersion } from "./state/checkpoint-format";
export { logIn } from "./state/current-stack";
export { stackNameFault } from "./state/stack-reference";
export { TemporaryStack, type TemporaryStackOptions } from "./temporary-stack";
export { isUrn } from "./urn";
export type { CheckpointJson } from "./values/checkpoint-values";
