export type { EngineEvent, EngineListener, ResourceChanges } from "./deployment/engine-event";
export type { ScopeOptions } from "./deployment/operation-scope";
export type { Step, StepOp } from "./deployment/step";
export { EmbeddedEngine, type EmbeddedEngineOptions, type RunOptions, type RunResult } from "./embedded-engine";
export type { OperationResult } from "./operations/operation";
export type { ResourceStep } from "./operations/step-list";
export type { Violation } from "./policy/violation";
export type { ProgramFunction } from "./program/inline-program";
export { TemporaryStack, type TemporaryStackOptions } from "./temporary-stack";
