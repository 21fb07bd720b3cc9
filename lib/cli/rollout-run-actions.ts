import { UserError } from "../errors";
import {
    type Attendant,
    type EngineChoice,
    isOver,
    type JournalRecord,
    type RolloutFile,
    RolloutFolder,
    type RolloutReport,
    readPlan,
    readRolloutFile,
    reportText,
    resumeRollout,
    runRollout,
    temporalEngine,
    withEngine,
} from "../rollout";
import { type CommandIo, fileIn, widthOf } from "./command-io";
import { exitStatus } from "./exit-status";
import { expectWritable, writeOutput } from "./output-file";
import { type Interruption, stopOnSignals, terminalAttendant } from "./rollout-attendant";
import { clock, embeddedCommand, sayTo } from "./rollout-environment";
import { RolloutProgress } from "./rollout-progress";
import { reportTable } from "./rollout-tables";
import { expectNoneOnTemporal, expectNoOtherOnTemporal, isOnTemporal, noted, onTemporal } from "./temporal-actions";

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

/** A rollout that a command starts or continues. */
interface WantedRollout {
    readonly io: CommandIo;
    readonly file: RolloutFile;
    readonly folder: RolloutFolder;
    readonly flags: RunFlags;
}

export async function rolloutRunAction(io: CommandIo, name: string, flags: RunFlags): Promise<number> {
    const fileName = fileIn(io, name);
    const file = readRolloutFile(fileName);
    const main = RolloutFolder.of(fileName);
    if (flags.engine === "temporal") return await runOnTemporalAction({ io, file, folder: main, flags }, "run");
    if (flags.stack === undefined) expectNoneOnTemporal(main);
    const folder = flags.stack === undefined ? main : main.forStack(flags.stack);
    const planFile = flags.plan === undefined ? main.planFile : fileIn(io, flags.plan);
    const engine = engineOfPlan(flags.engine, readPlan(planFile).engine);
    return await runHere({ io, file, folder, flags }, engine, [], async (options) => {
        const mayBeHalfDone = flags.stack !== undefined && (flags.halfDone ?? isRepeatedJob(io.env));
        return await runRollout(file, folder, planFile, { ...options, only: flags.stack, mayBeHalfDone });
    });
}

/** GitHub counts the attempts of a run. Source: https://docs.github.com/en/actions/reference/variables-reference */
const isRepeatedJob = ({ GITHUB_RUN_ATTEMPT }: NodeJS.ProcessEnv): boolean => Number(GITHUB_RUN_ATTEMPT) > 1;

export async function rolloutResumeAction(io: CommandIo, name: string, flags: RunFlags): Promise<number> {
    const fileName = fileIn(io, name);
    const file = readRolloutFile(fileName);
    const folder = RolloutFolder.of(fileName);
    const wanted = { io, file, folder, flags };
    const { engine } = flags;
    if (engine === "temporal" || isOnTemporal(flags, folder)) return await runOnTemporalAction(wanted, "resume");
    const begun = folder.begun();
    const done = (begun?.records ?? []).flatMap((record) =>
        record.kind === "stack-ended" && ["deployed", "unchanged"].includes(record.outcome) ? [record.stack] : [],
    );
    const choice = engineOfPlan(engine, begun?.plan.engine ?? "pulumi-embedded");
    return await runHere(wanted, choice, done, async (options) => await resumeRollout(file, folder, options));
}

/** The engine that made a plan also runs it, unless an option names another: previews of another engine may differ. */
const engineOfPlan = (engine: EngineChoice = "auto", planned: string): EngineChoice =>
    engine !== "auto" ? engine : planned.startsWith("pulumi-embedded") ? "embedded" : "pulumi";

type WorkOptions = Parameters<typeof resumeRollout>[2];

/** Runs a rollout on this machine, and reports it. @param done names of stacks that are done already */
async function runHere(
    { io, file, folder, flags }: WantedRollout,
    choice: EngineChoice,
    done: readonly string[],
    work: (options: WorkOptions) => Promise<RolloutReport | undefined>,
): Promise<number> {
    expectWritable(io, { "--result": flags.result });
    const say = sayTo(io);
    const interruptible = (tell: typeof say): Interruption => stopOnSignals(io, tell);
    const report = await followed({ io, file, folder, flags }, done, interruptible, async (followers) =>
        withEngine(choice, embeddedCommand(io), io.env, (engine) => work({ ...followers, engine, clock })),
    );
    if (report === undefined) return notConfirmed(io);
    if (flags.result !== undefined)
        writeOutput(io, flags.result, reportText("json", report), `the result of stack ${flags.stack}`);
    writeReport(report, flags, io);
    if (report.state === "interrupted")
        say(`Continue with \`bucket-encryption rollout resume\`. The journal is ${folder.journalFile}.`);
    return statusOf(report, flags.stack);
}

/** Starts or continues a rollout on Temporal and follows it; ^C leaves it running. */
async function runOnTemporalAction(wanted: WantedRollout, command: "run" | "resume"): Promise<number> {
    const { io, file, folder, flags } = wanted;
    expectFlagsOfTemporal(flags);
    if (command === "run") await expectNoOtherRollout(wanted);
    const say = sayTo(io);
    const { runOnTemporal, resumeOnTemporal } = temporalEngine();
    const planned = command === "run" ? { plan: folder.planFile, ...flags } : flags;
    return await onTemporal(io, file, folder, planned, async (control) => {
        const onStarted = (): void => {
            folder.noteTemporal({ plan: control.plan.id, isOver: false });
            say(`The rollout runs on Temporal at ${control.address}, workflow ${control.workflowId}.`);
        };
        const detach = flags.detach === true;
        const work = command === "run" ? runOnTemporal : resumeOnTemporal;
        const report = await followed(wanted, [], leavingOnSignal(io), (followers) =>
            work(file, control, { ...followers, clock, detach, onStarted }),
        );
        if (report === undefined) return notConfirmed(io);
        noted(report, folder);
        writeReport(report, flags, io);
        // A rollout that no worker has taken yet is planned.
        if (detach || report.state === "running" || report.state === "planned") {
            say("It continues on Temporal. `bucket-encryption rollout status` shows it.");
            return detach ? exitStatus.succeeded : exitStatus.interrupted;
        }
        return statusOf(report, undefined);
    });
}

/** @throws UserError `invalid-command` */
function expectFlagsOfTemporal({ stack, result, halfDone }: RunFlags): void {
    if (stack === undefined && result === undefined && halfDone === undefined) return;
    const what = "--stack, --half-done and --result are not supported with --engine temporal";
    throw new UserError("invalid-command", what);
}

/** @throws UserError `rollout-unfinished` when another rollout of the file goes on, here or in Temporal */
async function expectNoOtherRollout({ io, file, folder, flags }: WantedRollout): Promise<void> {
    const begun = folder.begun();
    if (begun !== undefined && !isOver(begun.records)) {
        const what = `The rollout of ${begun.records[0]?.at} on this machine is not over`;
        throw new UserError("rollout-unfinished", what, { file: folder.journalFile });
    }
    const plan = flags.plan === undefined ? folder.planFile : fileIn(io, flags.plan);
    await expectNoOtherOnTemporal(io, file, folder, readPlan(plan).id);
}

type Leaving = Pick<Interruption, "stop" | "interrupt" | "forget">;

/** A signal ends the command, and not the rollout. */
const leavingOnSignal = (io: CommandIo) => (): Leaving => {
    const left = new AbortController();
    const interrupt = (): void => left.abort();
    return { stop: left.signal, interrupt, forget: io.onSignal(interrupt) };
};

/** What follows a rollout while it runs. */
interface Followers {
    readonly attendant: Attendant;
    readonly onRecord: (record: JournalRecord) => void;
}

/** Shows the progress of a rollout, asks what it asks, and passes signals on. @param done names of stacks that are done already */
async function followed<Kind extends Leaving>(
    { io, file, flags }: WantedRollout,
    done: readonly string[],
    interruptible: (tell: (text: string) => void) => Kind,
    work: (followers: Followers & Kind) => Promise<RolloutReport | undefined>,
): Promise<RolloutReport | undefined> {
    const progress = new RolloutProgress(file, done, flags.json ? io.stderr : io.stdout);
    const interruption = interruptible((text) => {
        progress.clear();
        sayTo(io)(text);
    });
    try {
        const attendant = terminalAttendant(flags, interruption, io);
        return await work({ ...interruption, attendant, onRecord: progress.onRecord });
    } finally {
        progress.clear();
        interruption.forget();
    }
}

function notConfirmed(io: CommandIo): number {
    sayTo(io)("Not confirmed; nothing was started.");
    return exitStatus.declined;
}

function writeReport(report: RolloutReport, { json }: RunFlags, io: CommandIo): void {
    io.stdout.write(json ? reportText("json", report) : `\n${reportTable(report, widthOf(io))}`);
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
