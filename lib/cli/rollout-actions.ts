import { availableParallelism } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../errors";
import {
    abortRollout,
    type Clock,
    type EngineChoice,
    expectPlanOf,
    gateFault,
    type JournalRecord,
    joinReports,
    type MatrixFormat,
    makePlan,
    makeReport,
    matrixText,
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
import { writeOutput } from "./output-file";
import { stopOnSignals, terminalAttendant } from "./rollout-attendant";
import { RolloutProgress } from "./rollout-progress";
import { planText, printable, reportTable } from "./rollout-tables";

const declined = 8;
const failedStatus = 1;
const interruptedStatus = 130;

interface EngineFlags {
    readonly engine: EngineChoice;
}

interface PlanFlags extends EngineFlags {
    readonly concurrency?: number;
    readonly createStacks?: boolean;
    readonly output?: string;
    readonly matrix?: MatrixFormat;
    readonly from?: string;
    readonly json?: boolean;
}

interface RunFlags extends EngineFlags {
    readonly yes?: boolean;
    readonly json?: boolean;
    readonly plan?: string;
    readonly stack?: string;
    readonly result?: string;
}

interface ReportFlags {
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

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Runs an action; what is meant for people becomes a message and status 1. */
export async function shown(action: () => Promise<number>): Promise<number> {
    try {
        return await action();
    } catch (error) {
        if (!(error instanceof UserError)) throw error;
        say(`error: ${error.message}`);
        return failedStatus;
    }
}

const embeddedScript = path.join(__dirname, "pulumi-embedded.js");

/** A plan is run by the engine that made it, unless another is asked for: another one's previews may look otherwise. */
const engineOfPlan = ({ engine }: EngineFlags, planned: string): EngineChoice =>
    engine !== "auto" ? engine : planned.startsWith("pulumi-embedded") ? "embedded" : "pulumi";

export async function planRolloutAction(fileName: string, flags: PlanFlags): Promise<number> {
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    if (flags.matrix !== undefined && flags.from !== undefined) {
        const plan = readPlan(flags.from);
        expectPlanOf(file, plan);
        process.stdout.write(matrixText(flags.matrix, file, plan, { file: fileName, plan: flags.from }));
        return 0;
    }
    const { stop, cancel } = stopOnSignals(say);
    const plan = await withEngine(flags.engine, embeddedScript, async (engine) => {
        say(`Planning ${file.stacks.length} stacks with ${engine.name}.`);
        return await makePlan(file, {
            engine,
            concurrency: flags.concurrency ?? availableParallelism(),
            createStacks: flags.createStacks === true,
            cancel: AbortSignal.any([stop, cancel]),
            now: clock.now,
            onPlanned: ({ name, failure }, done, total) =>
                say(`  ${done} of ${total}: ${name} ${failure === undefined ? "planned" : "could not be planned"}`),
        });
    });
    if (stop.aborted) return interruptedStatus;
    const planFile = flags.output ?? folder.planFile;
    folder.writePlan(plan, planFile);
    const text =
        flags.matrix !== undefined
            ? matrixText(flags.matrix, file, plan, { file: fileName, plan: path.relative("", planFile) })
            : flags.json
              ? `${JSON.stringify(plan, undefined, 2)}\n`
              : planText(file, plan, planFile);
    process.stdout.write(text);
    return plan.stacks.some(({ failure }) => failure !== undefined) ? failedStatus : 0;
}

export async function runRolloutAction(fileName: string, flags: RunFlags): Promise<number> {
    const file = readRolloutFile(fileName);
    const main = RolloutFolder.of(fileName);
    const folder = flags.stack === undefined ? main : main.forStack(flags.stack);
    const planFile = flags.plan ?? main.planFile;
    const plan = readPlan(planFile);
    return await worked(
        file,
        folder,
        flags,
        engineOfPlan(flags, plan.engine),
        [],
        async (options) => await runRollout(file, folder, planFile, { ...options, only: flags.stack }),
    );
}

export async function resumeRolloutAction(fileName: string, flags: RunFlags): Promise<number> {
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    const begun = folder.begun();
    const engine = engineOfPlan(flags, begun?.plan.engine ?? "pulumi-embedded");
    const done = (begun?.records ?? []).flatMap((record) =>
        record.kind === "stack-ended" && ["deployed", "unchanged"].includes(record.outcome) ? [record.stack] : [],
    );
    return await worked(
        file,
        folder,
        flags,
        engine,
        done,
        async (options) => await resumeRollout(file, folder, options),
    );
}

type WorkOptions = Parameters<typeof resumeRollout>[2];

/** What running and resuming have in common: who is asked, signals, progress, and the report at the end. */
async function worked(
    file: RolloutFile,
    folder: RolloutFolder,
    flags: RunFlags,
    choice: EngineChoice,
    done: readonly string[],
    work: (options: WorkOptions) => Promise<RolloutReport | undefined>,
): Promise<number> {
    let progress: RolloutProgress | undefined;
    const { stop, cancel } = stopOnSignals((text) => {
        progress?.clear();
        say(text);
    });
    const attendant = terminalAttendant(flags, stop);
    progress = new RolloutProgress(file, done, flags.json ? process.stderr : process.stdout);
    const onRecord = (record: JournalRecord): void => progress.onRecord(record);
    let report: RolloutReport | undefined;
    try {
        report = await withEngine(
            choice,
            embeddedScript,
            async (engine) => await work({ engine, attendant, clock, stop, cancel, onRecord }),
        );
    } finally {
        progress.clear();
    }
    if (report === undefined) {
        say("Nobody agreed, nothing was begun.");
        return declined;
    }
    if (flags.result !== undefined) writeOutput(flags.result, reportText("json", report));
    process.stdout.write(flags.json ? reportText("json", report) : `\n${reportTable(report)}`);
    if (report.state === "interrupted")
        say(`Go on with \`bucket-encryption rollout resume\`. The journal is ${folder.journalFile}.`);
    return statusOf(report, flags.stack);
}

function statusOf({ state, totals, waves }: RolloutReport, only: string | undefined): number {
    if (state === "interrupted") return interruptedStatus;
    if (state === "paused") return declined;
    if (only !== undefined) {
        const stack = waves.flatMap(({ stacks }) => stacks).find(({ name }) => name === only);
        return stack?.state === "deployed" || stack?.state === "unchanged" ? 0 : failedStatus;
    }
    return state === "completed" && totals.stacks.failed === 0 ? 0 : failedStatus;
}

export function rolloutStatusAction(fileName: string, { json }: { readonly json?: boolean }): number {
    const report = rolloutReport(readRolloutFile(fileName), RolloutFolder.of(fileName));
    process.stdout.write(json ? reportText("json", report) : reportTable(report));
    return 0;
}

export function abortRolloutAction(fileName: string, { reason }: { readonly reason: string }): number {
    const text = printable(reason).trim();
    if (text === "") throw new UserError("invalid-command", "The reason is empty");
    const done = abortRollout(RolloutFolder.of(fileName), text, clock.now);
    process.stdout.write(
        done === "aborted"
            ? "The rollout is aborted.\n"
            : "The rollout ends after the stacks that are being deployed.\n",
    );
    return 0;
}

export function rolloutReportAction(files: readonly string[], flags: ReportFlags): number {
    const format = flags.json ? "json" : flags.format;
    const rolloutFiles = files.filter((file) => /\.ya?ml$/i.test(file));
    const results = files.filter((file) => !rolloutFiles.includes(file)).map(readResult);
    if (rolloutFiles.length > 1) throw new UserError("invalid-command", "There is more than one rollout file");
    const [fileName] = rolloutFiles;
    const report = joinReports(
        fileName === undefined ? undefined : ground(fileName, flags, results.length > 0),
        results,
    );
    const text = reportText(format, report);
    if (flags.output === undefined) process.stdout.write(text);
    else writeOutput(flags.output, text);
    const fault = flags.gate === undefined ? undefined : gateFault(report, flags.gate);
    if (fault !== undefined) say(`error: ${fault}`);
    return fault === undefined ? 0 : failedStatus;
}

/** What a rollout file alone tells: with results of jobs its plan, otherwise the rollout of this machine. */
function ground(fileName: string, { plan }: ReportFlags, hasResults: boolean): RolloutReport {
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    if (!hasResults && plan === undefined) return rolloutReport(file, folder);
    const made = readPlan(plan ?? folder.planFile);
    expectPlanOf(file, made);
    return makeReport(file, made, [], { running: false });
}
