import type { RolloutWave } from "../file/rollout-file";
import { outcomeMeanings, type StackOutcome } from "./stack-outcome";

/** The state of a stack: the outcome of its last turn, or why it has no result. */
export type StackState = StackOutcome | "waiting" | "running" | "not-planned";

export type WaveState = "waiting" | "running" | "stopped" | "done";

export interface WaveVerdict {
    readonly state: WaveState;
    /** Why the rollout may not continue with the next wave; absent when it may. */
    readonly reason?: string;
}

type Limits = Pick<RolloutWave, "name" | "failureTolerance">;

export interface KnownStack {
    readonly name: string;
    readonly state: StackState;
}

/** Whether a stack counts against the wave's tolerance. One that could not be planned does. */
export const hasFailed = (state: StackState): boolean => state === "not-planned" || meaningOf(state)?.failed === true;

export const isDone = (state: StackState): boolean => meaningOf(state)?.done === true;

/**
 * The verdict about a wave from the results of its stacks: the gate between two waves.
 *
 * | results | state |
 * | --- | --- |
 * | a stack differs from the plan | stopped |
 * | more failures than tolerated | stopped |
 * | each stack is done or has failed | done |
 * | a stack is held by a lock, and no other is open | stopped |
 * | otherwise, with at least one result | running |
 * | no result | waiting |
 */
export function waveVerdict(wave: Limits, stacks: readonly KnownStack[]): WaveVerdict {
    const inState = (matches: (state: StackState) => boolean): string[] =>
        stacks.filter(({ state }) => matches(state)).map(({ name }) => name);
    const differs = inState((state) => state === "differs");
    if (differs.length > 0) return { state: "stopped", reason: differsReason(wave, differs) };
    const failed = inState(hasFailed);
    if (failed.length > wave.failureTolerance) return { state: "stopped", reason: toleranceReason(wave, failed) };
    const open = inState((state) => !isDone(state) && !hasFailed(state));
    if (open.length === 0) return { state: "done" };
    const held = inState((state) => state === "held");
    if (held.length === open.length) return { state: "stopped", reason: heldReason(wave, held) };
    const missing = `wave ${wave.name}: no result yet of ${listOf(open)}`;
    return { state: stacks.some(({ state }) => state !== "waiting") ? "running" : "waiting", reason: missing };
}

export const differsReason = ({ name }: Limits, stacks: readonly string[]): string =>
    `wave ${name}: ${listOf(stacks)} ${stacks.length === 1 ? "differs" : "differ"} from the plan`;

export const toleranceReason = ({ name, failureTolerance }: Limits, stacks: readonly string[]): string =>
    `wave ${name}: ${counted(stacks.length)} failed (${listOf(stacks)}); ${failureTolerance} may fail`;

export const heldReason = ({ name }: Limits, stacks: readonly string[]): string =>
    `wave ${name}: ${counted(stacks.length)} ${stacks.length === 1 ? "is" : "are"} held by a lock (${listOf(stacks)})`;

const counted = (count: number): string => `${count} ${count === 1 ? "stack" : "stacks"}`;

const mostNames = 20;

const listOf = (names: readonly string[]): string =>
    names.length <= mostNames
        ? names.join(", ")
        : `${names.slice(0, mostNames).join(", ")} and ${names.length - mostNames} more`;

const meaningOf = (state: StackState) =>
    outcomeMeanings[state as StackOutcome] as (typeof outcomeMeanings)[StackOutcome] | undefined;
