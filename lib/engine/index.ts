export type { EngineEvent, EngineListener, ResourceChanges } from "./deployment/engine-event";
export type { ScopeOptions } from "./deployment/operation-scope";
export type { Step, StepOp } from "./deployment/step";
export { EmbeddedEngine, type EmbeddedEngineOptions, type RunOptions } from "./embedded-engine";
export type { OperationResult } from "./operations/operation";
export type { Violation } from "./policy/policy-pack";
