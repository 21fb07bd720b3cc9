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
    withEngine,
} from "../rollout";
import { counted, oneLine, shortened } from "../text";
import { type CommandIo, fileIn, widthOf } from "./command-io";
import { CommandRefused } from "./command-line";
import { exitStatus } from "./exit-status";
import { writeOutput, wroteText } from "./output-file";
import { stopOnSignals, terminalAttendant } from "./rollout-attendant";
import { RolloutProgress } from "./rollout-progress";
import { planText, reportTable } from "./rollout-tables";

interface EngineFlags {
    readonly engine: EngineChoice;
}

export interface PlanFlags extends EngineFlags {
    readonly concurrency?: number;
    readonly createStacks?: boolean;
    readonly output?: string;
    readonly matrix?: MatrixFormat;
    readonly from?: string;
    readonly json?: boolean;
}

export interface RunFlags extends EngineFlags {
    readonly yes?: boolean;
    readonly json?: boolean;
    readonly plan?: string;
    readonly stack?: string;
    readonly halfDone?: boolean;
    readonly result?: string;
}

export interface ReportFlags {
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
const engineOfPlan = ({ engine }: EngineFlags, planned: string): EngineChoice =>
    engine !== "auto" ? engine : planned.startsWith("pulumi-embedded") ? "embedded" : "pulumi";

export async function planRolloutAction(name: string, flags: PlanFlags, io: CommandIo): Promise<number> {
    const fileName = fileIn(io, name);
    const say = sayTo(io);
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    if (flags.matrix !== undefined && flags.from !== undefined) {
        const plan = readPlan(fileIn(io, flags.from));
        expectPlanOf(file, plan);
        io.stdout.write(matrixText(flags.matrix, file, plan, { file: name, plan: flags.from }));
        return exitStatus.succeeded;
    }
    const { stop, cancel, forget } = stopOnSignals(io, say);
    const planning = withEngine(flags.engine, embeddedCommand(io), io.env, async (engine) => {
        say(`Planning ${file.stacks.length} stacks with ${engine.name}.`);
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
    folder.writePlan(plan, planFile);
    say(wroteText(`the plan of ${counted(plan.stacks.length, "stack")}`, planFile));
    const text =
        flags.matrix !== undefined
            ? matrixText(flags.matrix, file, plan, { file: name, plan: path.relative(io.cwd, planFile) })
            : flags.json
              ? `${JSON.stringify(plan, undefined, 2)}\n`
              : planText(file, plan, widthOf(io));
    io.stdout.write(text);
    return plan.stacks.some(({ failure }) => failure !== undefined) ? exitStatus.failed : exitStatus.succeeded;
}

export async function runRolloutAction(name: string, flags: RunFlags, io: CommandIo): Promise<number> {
    const fileName = fileIn(io, name);
    const file = readRolloutFile(fileName);
    const main = RolloutFolder.of(fileName);
    const folder = flags.stack === undefined ? main : main.forStack(flags.stack);
    const planFile = flags.plan === undefined ? main.planFile : fileIn(io, flags.plan);
    const plan = readPlan(planFile);
    return await runAndReport(io, file, folder, flags, engineOfPlan(flags, plan.engine), [], async (options) => {
        const mayBeHalfDone = flags.stack !== undefined && (flags.halfDone ?? isRepeatedJob(io.env));
        return await runRollout(file, folder, planFile, { ...options, only: flags.stack, mayBeHalfDone });
    });
}

/** GitHub counts the attempts of a run. Source: https://docs.github.com/en/actions/reference/variables-reference */
const isRepeatedJob = ({ GITHUB_RUN_ATTEMPT }: NodeJS.ProcessEnv): boolean => Number(GITHUB_RUN_ATTEMPT) > 1;

export async function resumeRolloutAction(name: string, flags: RunFlags, io: CommandIo): Promise<number> {
    const fileName = fileIn(io, name);
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    const begun = folder.begun();
    const engine = engineOfPlan(flags, begun?.plan.engine ?? "pulumi-embedded");
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

export function rolloutStatusAction(name: string, { json }: { readonly json?: boolean }, io: CommandIo): number {
    const fileName = fileIn(io, name);
    const report = rolloutReport(readRolloutFile(fileName), RolloutFolder.of(fileName));
    io.stdout.write(json ? reportText("json", report) : reportTable(report, widthOf(io)));
    return exitStatus.succeeded;
}

export function abortRolloutAction(name: string, { reason }: { readonly reason: string }, io: CommandIo): number {
    const text = oneLine(reason);
    if (text === "") throw new UserError("invalid-command", "The reason is empty");
    const done = abortRollout(RolloutFolder.of(fileIn(io, name)), text, clock.now);
    io.stdout.write(
        done === "aborted"
            ? "The rollout is aborted.\n"
            : "The rollout ends after the stacks that are being deployed.\n",
    );
    return exitStatus.succeeded;
}

export function rolloutReportAction(names: readonly string[], flags: ReportFlags, io: CommandIo): number {
    const files = names.map((name) => fileIn(io, name));
    const format = flags.json ? "json" : flags.format;
    const rolloutFiles = files.filter((file) => /\.ya?ml$/i.test(file));
    const results = files.filter((file) => !rolloutFiles.includes(file)).map(readResult);
    if (rolloutFiles.length > 1) throw new UserError("invalid-command", "There is more than one rollout file");
    const [fileName] = rolloutFiles;
    const report = joinReports(
        fileName === undefined ? undefined : plannedReport(io, fileName, flags, results.length > 0),
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
function plannedReport(io: CommandIo, fileName: string, { plan }: ReportFlags, hasResults: boolean): RolloutReport {
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    if (!hasResults && plan === undefined) return rolloutReport(file, folder);
    const made = readPlan(plan === undefined ? folder.planFile : fileIn(io, plan));
    expectPlanOf(file, made);
    return makeReport(file, made, [], { running: false });
}
