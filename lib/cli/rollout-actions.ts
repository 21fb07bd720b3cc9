import { availableParallelism } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../errors";
import {
    abortRollout,
    type Clock,
    type EngineChoice,
    type EngineCommand,
    expectPlanOf,
    gateFault,
    isOver,
    type JournalRecord,
    joinReports,
    type MatrixFormat,
    makePlan,
    makeReport,
    matrixText,
    processCommand,
    type ReportFormat,
    type RolloutFile,
    RolloutFolder,
    type RolloutReport,
    readPlan,
    readResult,
    readRolloutFile,
    reportText,
    resumeRollout,
    rolloutReport,
    runRollout,
    temporalEngine,
    withEngine,
} from "../rollout";
import { counted, oneLine, shortened } from "../text";
import { type CommandIo, fileIn, widthOf } from "./command-io";
import { CommandRefused } from "./command-line";
import { exitStatus } from "./exit-status";
import { isStandardOutput, writeOutput, wroteText } from "./output-file";
import { stopOnSignals, terminalAttendant } from "./rollout-attendant";
import { RolloutProgress } from "./rollout-progress";
import { planText, reportTable } from "./rollout-tables";
import {
    expectNoneOnTemporal,
    expectNoOtherOnTemporal,
    isOnTemporal,
    noted,
    onTemporal,
    type TemporalFlags,
    temporalReport,
    temporalStatus,
} from "./temporal-actions";

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

export interface RunFlags {
    readonly engine?: EngineChoice | "temporal";
    readonly detach?: boolean;
    readonly yes?: boolean;
    readonly json?: boolean;
    readonly plan?: string;
    readonly stack?: string;
    readonly halfDone?: boolean;
    readonly result?: string;
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

const clock: Clock = {
    now: () => new Date(),
    sleep: async (milliseconds, signal) => {
        await delay(milliseconds, undefined, { signal }).catch(() => undefined);
    },
};

const sayTo =
    ({ stderr }: CommandIo) =>
    (text: string): void =>
        void stderr.write(`${text}\n`);

/** A reason in one line of the progress; the plan has the whole text. */
const reason = (text: string): string => oneLine(shortened(text, 500));

/** The compiled command: it runs in another process, where TypeScript is not loaded. */
const embeddedScript = path.join(__dirname, "..", "..", "dist", "cli", "pulumi-embedded.js");

/** How `pulumi-embedded` is called; what runs it in this process is loaded only for that. */
function embeddedCommand(io: CommandIo): EngineCommand {
    if (!io.inProcess) return processCommand(embeddedScript);
    const { engineInProcess }: typeof import("./engine-in-process") = require("./engine-in-process");
    return engineInProcess(io);
}

/** The engine that made a plan also runs it, unless an option names another: previews of another engine may differ. */
const engineOfPlan = ({ engine = "auto" }: EngineFlags, planned: string): EngineChoice =>
    engine !== "auto" ? engine : planned.startsWith("pulumi-embedded") ? "embedded" : "pulumi";

export async function planRolloutAction(name: string, flags: PlanFlags, io: CommandIo): Promise<number> {
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
    const planFile = flags.output === undefined ? folder.planFile : fileIn(io, flags.output);
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

export async function runRolloutAction(name: string, flags: RunFlags, io: CommandIo): Promise<number> {
    const fileName = fileIn(io, name);
    const file = readRolloutFile(fileName);
    const main = RolloutFolder.of(fileName);
    const { engine, ...others } = flags;
    if (engine === "temporal") return await runOnTemporalAction(io, file, main, flags, "run");
    if (flags.stack === undefined) expectNoneOnTemporal(main);
    const folder = flags.stack === undefined ? main : main.forStack(flags.stack);
    const planFile = flags.plan === undefined ? main.planFile : fileIn(io, flags.plan);
    const plan = readPlan(planFile);
    return await runAndReport(
        io,
        file,
        folder,
        flags,
        engineOfPlan({ ...others, ...(engine && { engine }) }, plan.engine),
        [],
        async (options) => {
            const mayBeHalfDone = flags.stack !== undefined && (flags.halfDone ?? isRepeatedJob(io.env));
            return await runRollout(file, folder, planFile, { ...options, only: flags.stack, mayBeHalfDone });
        },
    );
}

/** GitHub counts the attempts of a run. Source: https://docs.github.com/en/actions/reference/variables-reference */
const isRepeatedJob = ({ GITHUB_RUN_ATTEMPT }: NodeJS.ProcessEnv): boolean => Number(GITHUB_RUN_ATTEMPT) > 1;

export async function resumeRolloutAction(name: string, flags: RunFlags, io: CommandIo): Promise<number> {
    const fileName = fileIn(io, name);
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    if (isOnTemporal(flags, folder)) return await runOnTemporalAction(io, file, folder, flags, "resume");
    const begun = folder.begun();
    const engine = engineOfPlan(flags as EngineFlags, begun?.plan.engine ?? "pulumi-embedded");
    const done = (begun?.records ?? []).flatMap((record) =>
        record.kind === "stack-ended" && ["deployed", "unchanged"].includes(record.outcome) ? [record.stack] : [],
    );
    return await runAndReport(
        io,
        file,
        folder,
        flags,
        engine,
        done,
        async (options) => await resumeRollout(file, folder, options),
    );
}

type WorkOptions = Parameters<typeof resumeRollout>[2];

/** The common part of `run` and `resume`: confirmation, signals, progress, and the report at the end. */
async function runAndReport(
    io: CommandIo,
    file: RolloutFile,
    folder: RolloutFolder,
    flags: RunFlags,
    choice: EngineChoice,
    done: readonly string[],
    work: (options: WorkOptions) => Promise<RolloutReport | undefined>,
): Promise<number> {
    let progress: RolloutProgress | undefined;
    const say = sayTo(io);
    const interruption = stopOnSignals(io, (text) => {
        progress?.clear();
        say(text);
    });
    const { stop, cancel } = interruption;
    let report: RolloutReport | undefined;
    try {
        const attendant = terminalAttendant(flags, interruption, io);
        progress = new RolloutProgress(file, done, flags.json ? io.stderr : io.stdout);
        const onRecord = (record: JournalRecord): void => progress?.onRecord(record);
        report = await withEngine(
            choice,
            embeddedCommand(io),
            io.env,
            async (engine) => await work({ engine, attendant, clock, stop, cancel, onRecord }),
        );
    } finally {
        progress?.clear();
        interruption.forget();
    }
    if (report === undefined) {
        say("Not confirmed; nothing was started.");
        return exitStatus.declined;
    }
    if (flags.result !== undefined)
        writeOutput(io, flags.result, reportText("json", report), `the result of stack ${flags.stack}`);
    io.stdout.write(flags.json ? reportText("json", report) : `\n${reportTable(report, widthOf(io))}`);
    if (report.state === "interrupted")
        say(`Continue with \`bucket-encryption rollout resume\`. The journal is ${folder.journalFile}.`);
    return statusOf(report, flags.stack);
}

function statusOf({ state, totals, waves }: RolloutReport, only: string | undefined): number {
    if (state === "interrupted") return exitStatus.interrupted;
    if (state === "paused") return exitStatus.declined;
    if (only !== undefined) {
        const stack = waves.flatMap(({ stacks }) => stacks).find(({ name }) => name === only);
        return stack?.state === "deployed" || stack?.state === "unchanged" ? exitStatus.succeeded : exitStatus.failed;
    }
    return state === "completed" && totals.stacks.failed === 0 ? exitStatus.succeeded : exitStatus.failed;
}

/** Starts or continues a rollout on Temporal and follows it; ^C leaves it running. */
async function runOnTemporalAction(
    io: CommandIo,
    file: RolloutFile,
    folder: RolloutFolder,
    flags: RunFlags,
    verb: "run" | "resume",
): Promise<number> {
    const begun = folder.begun();
    if (verb === "run" && begun !== undefined && !isOver(begun.records)) {
        const what = `The rollout of ${begun.records[0]?.at} on this machine is not over`;
        throw new UserError("rollout-unfinished", what, { file: folder.journalFile });
    }
    for (const option of ["stack", "result", "halfDone"] as const)
        if (flags[option] !== undefined)
            throw new UserError(
                "invalid-command",
                "--stack, --half-done and --result are not supported with --engine temporal",
            );
    const say = sayTo(io);
    const given = verb === "run" ? { plan: folder.planFile, ...flags } : flags;
    if (verb === "run" && given.plan !== undefined)
        await expectNoOtherOnTemporal(io, file, folder, readPlan(fileIn(io, given.plan)).id);
    const { runOnTemporal, resumeOnTemporal } = temporalEngine();
    return await onTemporal(io, file, folder, given, async (control) => {
        let progress: RolloutProgress | undefined;
        const left = new AbortController();
        const interrupt = (): void => left.abort();
        const forget = io.onSignal(interrupt);
        let report: RolloutReport | undefined;
        try {
            const attendant = terminalAttendant(flags, { stop: left.signal, interrupt }, io);
            progress = new RolloutProgress(file, [], flags.json ? io.stderr : io.stdout);
            const onRecord = (record: JournalRecord): void => progress?.onRecord(record);
            const onStarted = (): void => {
                folder.noteTemporal({ plan: control.plan.id, isOver: false });
                say(`The rollout runs on Temporal at ${control.address}, workflow ${control.workflowId}.`);
            };
            const options = {
                attendant,
                clock,
                stop: left.signal,
                onRecord,
                detach: flags.detach === true,
                onStarted,
            };
            report = await (verb === "run" ? runOnTemporal : resumeOnTemporal)(file, control, options);
        } finally {
            progress?.clear();
            forget();
        }
        if (report === undefined) {
            say("Not confirmed; nothing was started.");
            return exitStatus.declined;
        }
        noted(report, folder);
        io.stdout.write(flags.json ? reportText("json", report) : `\n${reportTable(report, widthOf(io))}`);
        // A rollout that no worker has taken yet is planned.
        if (flags.detach || report.state === "running" || report.state === "planned") {
            say("It continues on Temporal. `bucket-encryption rollout status` shows it.");
            return flags.detach ? exitStatus.succeeded : exitStatus.interrupted;
        }
        return statusOf(report, undefined);
    });
}

/** Deploys stacks that rollouts on Temporal hand out, until a signal. */
export async function rolloutWorkerAction(name: string, flags: WorkerFlags, io: CommandIo): Promise<number> {
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

export async function rolloutStatusAction(name: string, flags: StatusFlags, io: CommandIo): Promise<number> {
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

export async function abortRolloutAction(name: string, flags: AbortFlags, io: CommandIo): Promise<number> {
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
    names: readonly string[],
    flags: ReportFlags,
    io: CommandIo,
): Promise<number> {
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
    if (flags.output === undefined) io.stdout.write(text);
    else {
        const stacks = report.waves.flatMap((wave) => wave.stacks).length;
        writeOutput(io, flags.output, text, `the report of ${counted(stacks, "stack")}`);
    }
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
