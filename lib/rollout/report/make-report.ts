import type { RolloutFile, RolloutWave } from "../file/rollout-file";
import { stacksOf } from "../file/rollout-file";
import type { BucketOutcome, JournalRecord, StackEnd } from "../journal/journal-record";
import type { PlannedStack, RolloutPlan } from "../plan/rollout-plan";
import type { ReportedStack, ReportedWave, RolloutReport, RolloutState, StackState, WaveState } from "./rollout-report";

export interface ReportOptions {
    /** Whether a process is running the rollout now. */
    readonly running: boolean;
}

/** Makes a report of a plan and a journal. */
export function makeReport(
    file: RolloutFile,
    plan: RolloutPlan,
    records: readonly JournalRecord[],
    { running }: ReportOptions,
): RolloutReport {
    const planned = new Map(plan.stacks.map((stack) => [stack.name, stack]));
    const stackInFile = new Map(file.stacks.map((stack) => [stack.name, stack]));
    const only = records.flatMap((record) => (record.kind === "begun" && record.only ? [record.only] : []))[0];
    const history = stackHistory(records);
    const stopped = records.reduce<Extract<JournalRecord, { kind: "stopped" }> | undefined>(
        (last, record) =>
            record.kind === "stopped" ? record : ["resumed", "completed"].includes(record.kind) ? undefined : last,
        undefined,
    );
    const { state, reason } = rolloutState(records, running);
    const context: TurnContext = {
        running,
        check: state === "aborted" ? "a new plan shows what was done" : "`resume` checks what was done",
    };
    const waves = file.waves
        .map((wave): ReportedWave => {
            const stacks = stacksOf(wave)
                .filter((name) => only === undefined || name === only)
                .map((name) => {
                    const { account, region } = stackInFile.get(name) ?? {};
                    const where = {
                        ...(account !== undefined && { account }),
                        ...(region !== undefined && { region }),
                    };
                    return {
                        name,
                        ...where,
                        ...reportedStack(planned.get(name) as PlannedStack, history.get(name), context),
                    };
                });
            return { name: wave.name, state: waveState(wave, records, stopped?.wave), ...limits(wave), stacks };
        })
        .filter(({ stacks }) => stacks.length > 0);
    const first = records.find(({ kind }) => kind === "begun");
    const last = records.at(-1);
    return {
        version: 1,
        name: plan.name,
        plan: plan.id,
        engine: plan.engine,
        state,
        ...(reason !== undefined && { reason }),
        ...(first !== undefined && { begunAt: first.at }),
        ...(last !== undefined && ["completed", "aborted", "stopped"].includes(state) && { endedAt: last.at }),
        waves,
        totals: totalsOf(waves),
    };
}

const limits = ({ maxConcurrent, failureTolerance }: RolloutWave) => ({ maxConcurrent, failureTolerance });

interface StackHistory {
    readonly turns: number;
    /** The end of the last turn; undefined while it runs, or when it was cut off. */
    readonly end: StackEnd | undefined;
}

export function stackHistory(records: readonly JournalRecord[]): Map<string, StackHistory> {
    const history = new Map<string, StackHistory>();
    for (const record of records) {
        if (record.kind === "stack-begun")
            history.set(record.stack, { turns: (history.get(record.stack)?.turns ?? 0) + 1, end: undefined });
        if (record.kind === "stack-ended") {
            const turns = history.get(record.stack)?.turns ?? 0;
            history.set(record.stack, { turns, end: record });
        }
    }
    return history;
}

interface TurnContext {
    readonly running: boolean;
    /** What tells what a turn without an end has done. */
    readonly check: string;
}

function reportedStack(
    planned: PlannedStack,
    history: StackHistory | undefined,
    { running, check }: TurnContext,
): Omit<ReportedStack, "name"> {
    const { risk } = planned;
    if (history?.end !== undefined) {
        const { outcome, seconds, changes, buckets, violations = planned.violations } = history.end;
        const reason = reasonOf(history.end, check);
        return {
            state: outcome,
            ...(reason !== undefined && { reason }),
            turns: history.turns,
            seconds,
            risk,
            changes,
            violations,
            buckets,
        };
    }
    const cutOff = history !== undefined && !running;
    const state: StackState =
        history === undefined ? (planned.failure ? "not-planned" : "waiting") : cutOff ? "interrupted" : "running";
    const why = cutOff ? `the process ended during its turn; ${check}` : planned.failure?.message;
    return {
        state,
        ...(why !== undefined && { reason: why }),
        turns: history?.turns ?? 0,
        risk,
        changes: planned.changes,
        violations: planned.violations,
        buckets:
            cutOff || state === "running" ? unknownBuckets(planned, why ?? "being deployed") : plannedBuckets(planned),
    };
}

function reasonOf({ outcome, failure, differences }: StackEnd, check: string): string | undefined {
    if (failure !== undefined) return failure.message;
    if (differences !== undefined) return `differs from the plan: ${differences.join("; ")}`;
    return outcome === "interrupted" ? `cancelled before its end; ${check}` : undefined;
}

/** The outcomes of a planned stack's buckets before its deployment. */
export function plannedBuckets({ buckets, failure }: PlannedStack): BucketOutcome[] {
    return buckets.map(({ bucket, urn, op, risk }) => {
        if (failure !== undefined)
            return { bucket, urn, status: "not-known", why: `could not be planned: ${failure.message}` };
        if (op === "same") return { bucket, urn, status: "as-declared" };
        return {
            bucket,
            urn,
            status: "different",
            why: `${op} planned${risk === undefined ? "" : ` (${risk})`}, not deployed`,
        };
    });
}

export function unknownBuckets({ buckets }: PlannedStack, why: string): BucketOutcome[] {
    return buckets.map(({ bucket, urn, op }) =>
        op === "same" ? { bucket, urn, status: "as-declared" } : { bucket, urn, status: "not-known", why },
    );
}

function waveState(
    { name }: RolloutWave,
    records: readonly JournalRecord[],
    stoppedWave: string | undefined,
): WaveState {
    const has = (kind: string) =>
        records.some((record) => record.kind === kind && "wave" in record && record.wave === name);
    if (has("wave-ended")) return "done";
    if (stoppedWave === name) return "stopped";
    return has("wave-begun") ? "running" : "waiting";
}

function rolloutState(records: readonly JournalRecord[], running: boolean): { state: RolloutState; reason?: string } {
    const last = records.findLast(
        ({ kind }) => !["stack-begun", "stack-ended", "wave-begun", "wave-ended", "pause-ended"].includes(kind),
    );
    switch (last?.kind) {
        case undefined:
            return { state: "planned" };
        case "completed":
            return { state: "completed" };
        case "aborted":
            return { state: "aborted", reason: `${last.reason} (${last.by})` };
        case "stopped":
            return { state: "stopped", reason: last.reason };
        case "paused":
            if (records.at(-1) !== last) break;
            return {
                state: "paused",
                reason: last.until === undefined ? `for a person, after wave ${last.wave}` : `until ${last.until}`,
            };
        case "interrupted":
            return { state: "interrupted" };
    }
    return { state: running ? "running" : "interrupted" };
}

export function totalsOf(waves: readonly ReportedWave[]): RolloutReport["totals"] {
    const stacks: Record<StackState, number> = {
        deployed: 0,
        unchanged: 0,
        failed: 0,
        differs: 0,
        held: 0,
        interrupted: 0,
        waiting: 0,
        running: 0,
        "not-planned": 0,
    };
    const buckets: Record<BucketOutcome["status"], number> = { "as-declared": 0, different: 0, "not-known": 0 };
    for (const stack of waves.flatMap((wave) => wave.stacks)) {
        stacks[stack.state] += 1;
        for (const { status } of stack.buckets) buckets[status] += 1;
    }
    return { stacks, buckets };
}
