import { UserError } from "../../../errors";
import type { RolloutFile } from "../../file/rollout-file";
import { userAndHost } from "../../journal/rollout-lock";
import type { RolloutReport } from "../../report/rollout-report";
import { doneText, question } from "../../run/begin-and-resume";
import { type FollowOptions, followRollout } from "./follow-rollout";
import type { TemporalControl } from "./temporal-control";

export interface RunOnTemporalOptions extends Omit<FollowOptions, "from"> {
    /** Start it and do not follow. */
    readonly detach: boolean;
    /** Called when it is started. */
    readonly onStarted: () => void;
}

/**
 * Starts a rollout on Temporal after confirmation, and follows it.
 * @returns undefined when it was not confirmed; nothing was started then
 * @throws UserError `rollout-unfinished` when it was started before
 */
export async function runOnTemporal(
    file: RolloutFile,
    control: TemporalControl,
    options: RunOnTemporalOptions,
): Promise<RolloutReport | undefined> {
    if (!(await options.attendant.confirm(question(file, control.plan, undefined)))) return undefined;
    await control.start();
    return await followed(control, options, 0);
}

/**
 * Answers the pause of a rollout, or starts it again after a stop.
 * @returns undefined when it was not confirmed
 * @throws UserError `rollout-not-begun`, `rollout-running`
 */
export async function resumeOnTemporal(
    file: RolloutFile,
    control: TemporalControl,
    options: RunOnTemporalOptions,
): Promise<RolloutReport | undefined> {
    const state = await control.state();
    const last = state.log.at(-1);
    if (last === undefined && !state.isOpen) throw new UserError("rollout-not-begun", "There is no rollout to resume");
    if (last?.kind === "completed")
        throw new UserError("rollout-not-begun", `The last rollout was completed at ${last.at}`);
    if (last?.kind === "aborted") {
        const what = `The last rollout was aborted at ${last.at} by ${last.by}: ${last.reason}`;
        throw new UserError("rollout-not-begun", what);
    }
    if (state.isOpen && last?.kind !== "paused") {
        const what = `The rollout is already being run on Temporal (workflow ${control.workflowId})`;
        throw new UserError("rollout-running", what);
    }
    const { totals } = await control.report();
    const done = totals.stacks.deployed + totals.stacks.unchanged;
    const asked = `${doneText(done, file.stacks.length)} Continue with the others?`;
    if (!(await options.attendant.confirm(asked))) return undefined;
    if (!state.isOpen) await control.startAgain(state);
    else if (last?.kind === "paused" && last.until === undefined) await control.agree(last.wave);
    return await followed(control, options, state.parts);
}

/**
 * Ends a rollout for good.
 * @returns `aborted` when it ended now, `requested` when stacks are still being deployed
 * @throws UserError `no-rollout-to-abort`
 */
export async function abortOnTemporal(control: TemporalControl, reason: string): Promise<"aborted" | "requested"> {
    const { log, parts, isOpen } = await control.state();
    const last = log.at(-1)?.kind;
    if ((!isOpen && log.length === 0) || last === "completed" || last === "aborted")
        throw new UserError("no-rollout-to-abort", "There is no rollout to abort");
    const { user, host } = userAndHost();
    const by = `${user}@${host}`;
    if (isOpen) {
        await control.abort(reason, by);
        return "requested";
    }
    await control.kept.writeLog(parts, [{ at: new Date().toISOString(), kind: "aborted", reason, by }]);
    return "aborted";
}

async function followed(
    control: TemporalControl,
    { detach, onStarted, ...options }: RunOnTemporalOptions,
    from: number,
): Promise<RolloutReport> {
    onStarted();
    if (!detach) await followRollout(control, { ...options, from });
    return await control.report();
}
