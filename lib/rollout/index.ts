import type * as temporal from "./temporal/temporal-engine";

export { type EngineCommand, processCommand } from "./engines/engine-command";
export type { StackEngine } from "./engines/stack-engine";
export { type EngineChoice, withEngine } from "./engines/with-engine";
export { parseRollout, readRolloutFile } from "./file/read-rollout-file";
export { type RolloutFile, type RolloutStack, type RolloutWave, stacksOf } from "./file/rollout-file";
export type { BucketOutcome, BucketStatus, JournalRecord } from "./journal/journal-record";
export { RolloutFolder, readPlan } from "./journal/rollout-folder";
export { type MatrixFormat, matrixText } from "./matrix/matrix";
export { makePlan } from "./plan/make-plan";
export type { StackFailure, Violation } from "./plan/operation-record";
export type { PlannedStep } from "./plan/planned-step";
export type { PlannedBucket, PlannedStack, RolloutPlan } from "./plan/rollout-plan";
export { gateFault, joinReports, readResult } from "./report/join-reports";
export { makeReport } from "./report/make-report";
export { type ReportFormat, reportText } from "./report/report-text";
export { bucketWords, changesText, countsText, stackWords, stateText, waveWords } from "./report/report-words";
export type {
    ReportedStack,
    ReportedWave,
    RolloutReport,
    RolloutState,
    StackState,
    WaveState,
} from "./report/rollout-report";
export { abortRollout, resumeRollout, rolloutReport, runRollout } from "./run/begin-and-resume";
export { type Attendant, type Clock, expectPlanOf, isOver, type RunOptions } from "./run/rollout-run";
export type { StackOutcome } from "./waves/stack-outcome";

/** Rollouts on Temporal. Loaded on first use. */
export function temporalEngine(): typeof temporal {
    return require("./temporal/temporal-engine");
}
