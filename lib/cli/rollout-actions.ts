import { availableParallelism } from "node:os";
import path from "node:path";
import { UserError } from "../errors";
import {
    abortRollout,
    type EngineChoice,
    expectPlanOf,
    gateFault,
    joinReports,
    type MatrixFormat,
    makePlan,
    makeReport,
    matrixText,
    type ReportFormat,
    RolloutFolder,
    type RolloutReport,
    readPlan,
    readResult,
    readRolloutFile,
    reportText,
    rolloutReport,
    temporalEngine,
    withEngine,
} from "../rollout";
import { counted, oneLine, shortened } from "../text";
import { type CommandIo, fileIn, widthOf } from "./command-io";
import { CommandRefused } from "./command-line";
import { exitStatus } from "./exit-status";
import { expectWritable, isStandardOutput, writeOutput, wroteText } from "./output-file";
import { stopOnSignals } from "./rollout-attendant";
import { clock, embeddedCommand, sayTo } from "./rollout-environment";
import { planText, reportTable } from "./rollout-tables";
import { isOnTemporal, onTemporal, type TemporalFlags, temporalReport, temporalStatus } from "./temporal-actions";

interface EngineFlags {
    readonly engine?: EngineChoice;
}

export interface PlanFlags extends EngineFlags {
    readonly concurrency?: number;
    readonly createStacks?: boolean;
    readonly output?: string;
    readonly matrix?: MatrixFormat;
    readonly from?: string;
    readonly image?: string;
    readonly nodeVersion?: number;
    readonly json?: boolean;
}

export interface StatusFlags extends TemporalFlags {
    readonly json?: boolean;
}

export interface AbortFlags extends TemporalFlags {
    readonly reason: string;
}

export interface WorkerFlags extends EngineFlags {
    readonly maxConcurrent: number;
}

export interface ReportFlags extends TemporalFlags {
    readonly format: ReportFormat;
    readonly json?: boolean;
    readonly output?: string;
    readonly plan?: string;
    readonly gate?: string;
}

/** A reason in one line of the progress; the plan has the whole text. */
const reason = (text: string): string => oneLine(shortened(text, 500));

export async function rolloutPlanAction(io: CommandIo, name: string, flags: PlanFlags): Promise<number> {
    imageOf(flags);
    const fileName = fileIn(io, name);
    const say = sayTo(io);
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    if (flags.matrix !== undefined && flags.from !== undefined) {
        const plan = readPlan(fileIn(io, flags.from));
        expectPlanOf(file, plan);
        io.stdout.write(matrixText(flags.matrix, file, plan, { file: name, plan: flags.from, ...imageOf(flags) }));
        return exitStatus.succeeded;
    }
    const planFile = flags.output === undefined ? folder.planFile : fileIn(io, flags.output);
    expectWritable(io, { "--output": flags.output ?? folder.planFile });
    const { stop, cancel, forget } = stopOnSignals(io, say);
    const planning = withEngine(flags.engine ?? "auto", embeddedCommand(io), io.env, async (engine) => {
        say(`Planning ${counted(file.stacks.length, "stack")} with ${engine.name}.`);
        return await makePlan(file, {
            engine,
            concurrency: flags.concurrency ?? availableParallelism(),
            createStacks: flags.createStacks === true,
            cancel: AbortSignal.any([stop, cancel]),
            now: clock.now,
            onPlanned: ({ name, failure }, done, total) =>
                say(
                    `  ${done} of ${total}: ${name} ${failure === undefined ? "planned" : `could not be planned: ${reason(failure.message)}`}`,
                ),
        });
    });
    const plan = await planning.finally(forget);
    if (stop.aborted) return exitStatus.interrupted;
    const planJson = `${JSON.stringify(plan, undefined, 2)}\n`;
    const what = `the plan of ${counted(plan.stacks.length, "stack")}`;
    if (flags.output === undefined) {
        folder.writePlan(plan);
        say(wroteText(what, planFile));
    } else writeOutput(io, flags.output, planJson, what);
    const text =
        flags.matrix !== undefined
            ? matrixText(flags.matrix, file, plan, {
                  file: name,
                  plan: path.relative(io.cwd, planFile),
                  ...imageOf(flags),
              })
            : flags.json
              ? planJson
              : planText(file, plan, widthOf(io));
    // Nothing stands beside a plan on standard output.
    if (flags.output === undefined || !isStandardOutput(flags.output)) io.stdout.write(text);
    return plan.stacks.some(({ failure }) => failure !== undefined) ? exitStatus.failed : exitStatus.succeeded;
}

/** @throws UserError if something is said of images, and no format has them */
function imageOf({ matrix, image, nodeVersion }: PlanFlags): Pick<PlanFlags, "image" | "nodeVersion"> {
    if (matrix === "gitlab" || (image === undefined && nodeVersion === undefined))
        return { ...(image !== undefined && { image }), ...(nodeVersion !== undefined && { nodeVersion }) };
    const what = "--image and --node-version need --matrix gitlab";
    const cure = "On GitHub, set `runs-on` and `node-version` in the workflow.";
    throw new UserError("invalid-command", what, {}, { cure });
}

/** Deploys stacks that rollouts on Temporal hand out, until a signal. */
export async function rolloutWorkerAction(io: CommandIo, name: string, flags: WorkerFlags): Promise<number> {
    const file = readRolloutFile(fileIn(io, name));
    const say = sayTo(io);
    const { stop, cancel, forget } = stopOnSignals(io, say);
    try {
        await withEngine(flags.engine ?? "auto", embeddedCommand(io), io.env, async (engine) => {
            const { maxConcurrent } = flags;
            await temporalEngine().runWorker(file, { engine, environment: io.env, maxConcurrent, stop, cancel, say });
        });
    } catch (error) {
        // Where the SDK cannot create a worker, it leaves a thread that would keep this process.
        if (!io.inProcess) setTimeout(() => io.endNow(exitStatus.failed), 500).unref();
        throw error;
    } finally {
        forget();
    }
    return exitStatus.succeeded;
}

export async function rolloutStatusAction(io: CommandIo, name: string, flags: StatusFlags): Promise<number> {
    const fileName = fileIn(io, name);
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    if (isOnTemporal(flags, folder)) {
        const { report, notes, pending } = await temporalStatus(io, file, folder, flags);
        const json = `${JSON.stringify({ ...report, pending }, undefined, 2)}\n`;
        io.stdout.write(flags.json ? json : `${reportTable(report, widthOf(io))}\n${notes}`);
        return exitStatus.succeeded;
    }
    const report = rolloutReport(file, folder);
    io.stdout.write(flags.json ? reportText("json", report) : reportTable(report, widthOf(io)));
    return exitStatus.succeeded;
}

export async function rolloutAbortAction(io: CommandIo, name: string, flags: AbortFlags): Promise<number> {
    const text = oneLine(flags.reason);
    if (text === "") {
        const cure = 'Say why the rollout ends, for instance `--reason "wrong key"`. Reports show it.';
        throw new UserError("invalid-command", "The reason is empty", {}, { cure });
    }
    const fileName = fileIn(io, name);
    const folder = RolloutFolder.of(fileName);
    const done = isOnTemporal(flags, folder)
        ? await onTemporal(
              io,
              readRolloutFile(fileName),
              folder,
              flags,
              async (control) => await temporalEngine().abortOnTemporal(control, text),
              true,
          )
        : abortRollout(folder, text, clock.now);
    io.stdout.write(
        done === "aborted"
            ? "The rollout is aborted.\n"
            : "The rollout ends after the stacks that are being deployed.\n",
    );
    return exitStatus.succeeded;
}

export async function rolloutReportAction(
    io: CommandIo,
    names: readonly string[],
    flags: ReportFlags,
): Promise<number> {
    expectWritable(io, { "--output": flags.output });
    const files = names.map((name) => fileIn(io, name));
    const format = flags.json ? "json" : flags.format;
    const rolloutFiles = files.filter((file) => /\.ya?ml$/i.test(file));
    const results = files.filter((file) => !rolloutFiles.includes(file)).map(readResult);
    if (rolloutFiles.length > 1) {
        const what = `There is more than one rollout file: ${rolloutFiles.join(", ")}`;
        const cure = "Name one; the other files must be results of its jobs (JSON).";
        throw new UserError("invalid-command", what, {}, { cure });
    }
    const [fileName] = rolloutFiles;
    const report = joinReports(
        fileName === undefined ? undefined : await plannedReport(io, fileName, flags, results.length > 0),
        results,
    );
    const text = reportText(format, report);
    const stacks = report.waves.flatMap((wave) => wave.stacks).length;
    writeOutput(io, flags.output, text, `the report of ${counted(stacks, "stack")}`);
    const fault = flags.gate === undefined ? undefined : gateFault(report, flags.gate);
    if (fault !== undefined) throw new CommandRefused(fault, exitStatus.stoppedByGate);
    return exitStatus.succeeded;
}

/** The report of a rollout file without results: of its plan where there are results of jobs, otherwise of the rollout on this machine. */
async function plannedReport(
    io: CommandIo,
    fileName: string,
    flags: ReportFlags,
    hasResults: boolean,
): Promise<RolloutReport> {
    const { plan } = flags;
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    if (!hasResults && isOnTemporal(flags, folder)) return await temporalReport(io, file, folder, flags);
    if (!hasResults && plan === undefined) return rolloutReport(file, folder);
    const made = readPlan(plan === undefined ? folder.planFile : fileIn(io, plan));
    expectPlanOf(file, made);
    return makeReport(file, made, [], { running: false });
}
