import { readJson } from "../../documents";
import { UserError } from "../../errors";
import { isDone, waveVerdict } from "../waves/wave-verdict";
import { totalsOf } from "./make-report";
import { reportShape } from "./report-shape";
import type { ReportedStack, ReportedWave, RolloutReport, RolloutState } from "./rollout-report";

/** Reads what `rollout run --stack --result` wrote. @throws UserError `invalid-rollout-report` */
export function readResult(file: string): RolloutReport {
    const source = { kind: "invalid-rollout-report", title: "The result", file } as const;
    return readJson(reportShape, source);
}

/**
 * Puts the results of jobs together.
 * @param planned the whole plan, with every stack waiting; without it only the stacks of the results are reported
 * @throws UserError `invalid-rollout-report` when they do not belong together
 */
export function joinReports(planned: RolloutReport | undefined, results: readonly RolloutReport[]): RolloutReport {
    const all = planned === undefined ? results : [planned, ...results];
    const [first] = all;
    if (first === undefined) throw new UserError("invalid-rollout-report", "There is no result");
    if (all.length === 1) return first;
    const foreign = all.find(({ plan }) => plan !== first.plan);
    if (foreign !== undefined) {
        const what = `The results come from different plans, ${first.plan.slice(0, 12)} and ${foreign.plan.slice(0, 12)}`;
        throw new UserError("invalid-rollout-report", what);
    }
    const waves = new Map<string, ReportedWave>();
    const stacks = new Map<string, ReportedStack>();
    for (const report of all) {
        for (const wave of report.waves) {
            const known = waves.get(wave.name);
            const names = new Set(known?.stacks.map(({ name }) => name));
            const added = wave.stacks.filter(({ name }) => !names.has(name));
            waves.set(wave.name, { ...wave, stacks: [...(known?.stacks ?? []), ...added] });
            for (const stack of wave.stacks) {
                const earlier = stacks.get(stack.name);
                if (earlier === undefined || !isDone(earlier.state)) stacks.set(stack.name, stack);
            }
        }
    }
    const joined = [...waves.values()].map((wave) => {
        const ofWave = wave.stacks.map(({ name }) => stacks.get(name) as ReportedStack);
        return { ...wave, stacks: ofWave, state: waveVerdict(wave, ofWave).state };
    });
    const begun = results.flatMap(({ begunAt }) => begunAt ?? []).sort();
    const ended = results.flatMap(({ endedAt }) => endedAt ?? []).sort();
    const state = joinedState(joined);
    const stopped = joined.find((wave) => wave.state === "stopped");
    const { reason: _reason, begunAt: _begunAt, endedAt: _endedAt, ...rest } = first;
    return {
        ...rest,
        state,
        ...(stopped !== undefined && { reason: waveVerdict(stopped, stopped.stacks).reason as string }),
        ...(begun[0] !== undefined && { begunAt: begun[0] }),
        ...(ended.at(-1) !== undefined && { endedAt: ended.at(-1) as string }),
        waves: joined,
        totals: totalsOf(joined),
    };
}

/** Why the rollout may not continue after a wave; undefined when it may. @throws UserError `unknown-rollout-stack` */
export function gateFault(report: RolloutReport, waveName: string): string | undefined {
    const wave = report.waves.find(({ name }) => name === waveName);
    if (wave === undefined) throw new UserError("unknown-rollout-stack", `The rollout has no wave "${waveName}"`);
    return wave.state === "done" ? undefined : waveVerdict(wave, wave.stacks).reason;
}

function joinedState(waves: readonly ReportedWave[]): RolloutState {
    if (waves.some(({ state }) => state === "stopped")) return "stopped";
    if (waves.every(({ state }) => state === "done")) return "completed";
    return waves.some(({ state }) => state !== "waiting") ? "running" : "planned";
}
