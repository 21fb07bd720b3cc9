import { UserError } from "../../errors";
import { counted } from "../../text";
import type { RolloutFile, RolloutStack } from "../file/rollout-file";
import { Journal } from "../journal/journal";
import { type RolloutFolder, readPlan } from "../journal/rollout-folder";
import { isLocked, RolloutLock, userAndHost } from "../journal/rollout-lock";
import type { PlannedStack, RolloutPlan } from "../plan/rollout-plan";
import { makeReport } from "../report/make-report";
import type { RolloutReport } from "../report/rollout-report";
import { beginRecord, expectPlanOf, isOver, type RunOptions, type TakeTurn, WaveRun } from "./rollout-run";
import { stackTurn } from "./stack-turn";

const lockWaitMs = 60_000;

/**
 * Runs a plan after confirmation.
 * @param planFile by default the last plan
 * @returns undefined when it was not confirmed; nothing was started then
 * @throws UserError `invalid-rollout-plan`, `rollout-unfinished`, `rollout-running`, `rollout-not-recorded`, `unknown-rollout-stack`
 */
export async function runRollout(
    file: RolloutFile,
    folder: RolloutFolder,
    planFile: string,
    options: RunOptions,
): Promise<RolloutReport | undefined> {
    const plan = readPlan(planFile);
    expectPlanOf(file, plan);
    if (options.only !== undefined) expectStack(file, options.only);
    const lock = RolloutLock.acquire(folder.lockFolder);
    try {
        const begun = folder.begun();
        const isJob = options.only !== undefined;
        if (begun !== undefined && !isOver(begun.records) && !isJob) {
            const what = `The rollout of ${begun.records[0]?.at} is not over`;
            throw new UserError("rollout-unfinished", what, { file: folder.journalFile });
        }
        // A job that is retried for the same plan continues.
        const earlier = isJob && begun?.plan.id === plan.id ? begun.records : [];
        if (!(await options.attendant.confirm(question(file, plan, options.only)))) return undefined;
        if (earlier.length === 0) folder.begin(plan);
        const first = beginRecord(earlier.length === 0 ? "begun" : "resumed", plan, options.only);
        await new WaveRun(file.waves, folder, earlier, turns(file, plan, options), options).run(first);
    } finally {
        lock.release();
    }
    return rolloutReport(file, folder);
}

/**
 * Continues a rollout that was cut off, stopped or paused. Deployed stacks are not touched again; failed ones are tried again.
 * @returns undefined when it was not confirmed
 * @throws UserError `rollout-not-begun`, `invalid-rollout-plan`, `rollout-running`, `rollout-not-recorded`
 */
export async function resumeRollout(
    file: RolloutFile,
    folder: RolloutFolder,
    options: RunOptions,
): Promise<RolloutReport | undefined> {
    const lock = RolloutLock.acquire(folder.lockFolder);
    try {
        const begun = folder.begun();
        if (begun === undefined) throw new UserError("rollout-not-begun", "There is no rollout to resume");
        const { plan, records } = begun;
        const last = records.at(-1);
        if (last?.kind === "completed")
            throw new UserError("rollout-not-begun", `The last rollout was completed at ${last.at}`);
        if (last?.kind === "aborted")
            throw new UserError(
                "rollout-not-begun",
                `The last rollout was aborted at ${last.at} by ${last.by}: ${last.reason}`,
            );
        expectPlanOf(file, plan);
        const { totals } = makeReport(file, plan, records, { running: false });
        const done = totals.stacks.deployed + totals.stacks.unchanged;
        if (!(await options.attendant.confirm(`${doneText(done, file.stacks.length)} Continue with the others?`)))
            return undefined;
        const first = beginRecord("resumed", plan);
        await new WaveRun(file.waves, folder, records, turns(file, plan, options), options).run(first);
    } finally {
        lock.release();
    }
    return rolloutReport(file, folder);
}

/**
 * Ends a rollout for good. A process that runs it ends it after the stacks that are running.
 * @returns `aborted` when it ended now, `requested` when a process still runs it
 * @throws UserError `no-rollout-to-abort`, `rollout-not-recorded`
 */
export function abortRollout(folder: RolloutFolder, reason: string, now: () => Date): "aborted" | "requested" {
    const begun = folder.begun();
    if (begun === undefined || isOver(begun.records))
        throw new UserError("no-rollout-to-abort", "There is no rollout to abort");
    const { user, host } = userAndHost();
    const by = `${user}@${host}`;
    if (isLocked(folder.lockFolder)) {
        folder.requestAbort(reason, by);
        return "requested";
    }
    const lock = RolloutLock.acquire(folder.lockFolder);
    try {
        const journal = Journal.open(folder.journalFile, now);
        journal.append({ kind: "aborted", reason, by });
        journal.close();
    } finally {
        lock.release();
    }
    return "aborted";
}

/** The report of the last rollout, or else of the plan. @throws UserError `rollout-not-begun` */
export function rolloutReport(file: RolloutFile, folder: RolloutFolder): RolloutReport {
    const running = isLocked(folder.lockFolder);
    const begun = folder.begun();
    if (begun !== undefined) {
        expectPlanOf(file, begun.plan);
        return makeReport(file, begun.plan, begun.records, { running });
    }
    let plan: RolloutPlan;
    try {
        plan = readPlan(folder.planFile);
    } catch (error) {
        throw new UserError("rollout-not-begun", "There is neither a rollout nor a plan", {}, { cause: error });
    }
    expectPlanOf(file, plan);
    return makeReport(file, plan, [], { running });
}

/** The turns of a plan's stacks, by name. */
function turns(file: RolloutFile, plan: RolloutPlan, options: RunOptions): TakeTurn {
    const stacks = new Map(file.stacks.map((stack) => [stack.name, stack]));
    const planned = new Map(plan.stacks.map((stack) => [stack.name, stack]));
    return async (name, { mayBeHalfDone }) =>
        await stackTurn(stacks.get(name) as RolloutStack, planned.get(name) as PlannedStack, {
            engine: options.engine,
            file,
            mayBeHalfDone,
            cancel: options.cancel,
            lockWaitMs: options.lockWaitMs ?? lockWaitMs,
        });
}

function expectStack(file: RolloutFile, name: string): void {
    if (!file.stacks.some((stack) => stack.name === name)) {
        const known = file.stacks.map((stack) => stack.name).slice(0, 20);
        throw new UserError("unknown-rollout-stack", `The rollout has no stack "${name}"; it has ${known.join(", ")}`);
    }
}

/** How far a rollout is, as a sentence. */
export const doneText = (done: number, total: number): string =>
    `${done} of ${counted(total, "stack")} ${done === 1 ? "is" : "are"} done.`;

export function question(file: RolloutFile, plan: RolloutPlan, only: string | undefined): string {
    const stacks = plan.stacks.filter(({ name }) => only === undefined || name === only);
    const changing = stacks.filter(({ steps }) => steps.length > 0).length;
    const failed = stacks.filter(({ failure }) => failure !== undefined).length;
    const waves = only === undefined ? ` in ${counted(file.waves.length, "wave")}` : "";
    const notPlanned = failed === 0 ? "" : ` ${failed} could not be planned and will count as failed.`;
    return `Roll out ${counted(stacks.length, "stack")}${waves}, ${changing} of them with changes?${notPlanned}`;
}
