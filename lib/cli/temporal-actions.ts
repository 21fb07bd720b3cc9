import { UserError } from "../errors";
import {
    type RolloutFile,
    type RolloutFolder,
    type RolloutPlan,
    type RolloutReport,
    readPlan,
    temporalEngine,
} from "../rollout";
import { oneLine, textTable, visible } from "../text";
import { type CommandIo, fileIn, widthOf } from "./command-io";

/** Where rollouts run. */
export interface TemporalFlags {
    readonly engine?: string;
    /** The plan's file. */
    readonly plan?: string;
}

type Control = Awaited<ReturnType<ReturnType<typeof temporalEngine>["TemporalControl"]["connect"]>>;

/** Whether a command is about a rollout on Temporal: it is said, or the last one that was started from here runs there. */
export const isOnTemporal = ({ engine }: TemporalFlags, folder: RolloutFolder): boolean =>
    engine === "temporal" || (engine === undefined && folder.temporalNote() !== undefined);

/**
 * Does something with a rollout on Temporal.
 * @param fileMayDiffer see `TemporalControl.connect`
 */
export async function onTemporal<Result>(
    io: CommandIo,
    file: RolloutFile,
    folder: RolloutFolder,
    flags: TemporalFlags,
    work: (control: Control) => Promise<Result>,
    fileMayDiffer = false,
): Promise<Result> {
    const plan = planOf(io, folder, flags);
    const control = await temporalEngine().TemporalControl.connect(file, plan, io.env, fileMayDiffer);
    try {
        return await work(control);
    } finally {
        await control.close();
    }
}

function planOf(io: CommandIo, folder: RolloutFolder, { plan }: TemporalFlags): RolloutPlan | string {
    if (plan !== undefined) return readPlan(fileIn(io, plan));
    return folder.temporalNote()?.plan ?? readPlan(folder.planFile);
}

/** The report of a rollout on Temporal. Notes here whether it is over. */
export async function temporalReport(
    io: CommandIo,
    file: RolloutFile,
    folder: RolloutFolder,
    flags: TemporalFlags,
): Promise<RolloutReport> {
    return await onTemporal(io, file, folder, flags, async (control) => noted(await control.report(), folder));
}

/** @returns the report */
export function noted(report: RolloutReport, folder: RolloutFolder): RolloutReport {
    const { plan, state } = report;
    if (folder.temporalNote()?.plan === plan)
        folder.noteTemporal({ plan, isOver: state === "completed" || state === "aborted" });
    return report;
}

export interface TemporalStatus {
    readonly report: RolloutReport;
    /** The text of `status` below the report. */
    readonly notes: string;
    readonly pending: Awaited<ReturnType<Control["pending"]>>;
}

/** The report, what is tried again, and whether there is a worker. */
export async function temporalStatus(
    io: CommandIo,
    file: RolloutFile,
    folder: RolloutFolder,
    flags: TemporalFlags,
): Promise<TemporalStatus> {
    return await onTemporal(io, file, folder, flags, async (control) => {
        const { log, isOpen } = await control.state();
        const report = noted(await control.report(), folder);
        const pending = isOpen ? await control.pending(log) : [];
        const hasWorker = !isOpen || (await control.hasWorker());
        const lines = [`Temporal at ${control.address}: workflow ${control.workflowId}`];
        if (!hasWorker)
            lines.push(
                `No worker serves the task queue ${control.taskQueue}: start \`bucket-encryption rollout worker\` with this rollout file.`,
            );
        const rows = pending.map(({ name, attempt, worker = "", lastFailure = "" }) => ({
            cells: [name, String(attempt), worker, oneLine(lastFailure)],
        }));
        const table = textTable(["TRIED AGAIN", "ATTEMPT", "WORKER", "LAST FAILURE"], rows, { columns: widthOf(io) });
        const notes = `${lines.map((line) => visible(line)).join("\n")}\n${rows.length === 0 ? "" : `\n${table.trimEnd()}\n`}`;
        return { report, notes, pending };
    });
}

/** @throws UserError `rollout-unfinished` when the last rollout that was started from here goes on in Temporal */
export function expectNoneOnTemporal(folder: RolloutFolder): void {
    const note = folder.temporalNote();
    if (note === undefined || note.isOver) return;
    const what = `The rollout of the plan ${note.plan.slice(0, 12)} was started on Temporal, and may still run`;
    const cure =
        "See `bucket-encryption rollout status`. Continue it with `bucket-encryption rollout resume`, or end it with `bucket-encryption rollout abort --reason TEXT`.";
    throw new UserError("rollout-unfinished", what, {}, { cure });
}

/**
 * @param plan the id of the plan that is about to start
 * @throws UserError `rollout-unfinished` when the rollout of another plan, which was started from here, is not over
 */
export async function expectNoOtherOnTemporal(
    io: CommandIo,
    file: RolloutFile,
    folder: RolloutFolder,
    plan: string,
): Promise<void> {
    const note = folder.temporalNote();
    if (note === undefined || note.isOver || note.plan === plan) return;
    const { isOpen, log } = await onTemporal(io, file, folder, {}, (control) => control.state(), true);
    const last = log.at(-1)?.kind;
    if (isOpen || !(last === undefined || last === "completed" || last === "aborted")) expectNoneOnTemporal(folder);
    folder.noteTemporal({ plan: note.plan, isOver: true });
}
