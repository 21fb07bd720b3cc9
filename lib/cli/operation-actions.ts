import { createInterface } from "node:readline/promises";
import {
    EmbeddedEngine,
    type EngineListener,
    EventLog,
    EventStream,
    type ImportRunOptions,
    LiveTree,
    narrowestTree,
    type OperationResult,
    OperationText,
    type PolicyPackSource,
    PreviewJson,
    painterFor,
    type ResourceChanges,
    type RunOptions,
    readPolicyConfig,
    type Terminal,
} from "../engine";
import { UserError } from "../errors";
import { visibleLines } from "../text";
import { type CommandIo, fileIn } from "./command-io";
import { CommandRefused } from "./command-line";
import { exitStatus } from "./exit-status";
import { hostedProvider } from "./hosted-provider";
import { setUp } from "./set-up";

/** A command that runs an operation of the engine. */
export type OperationCommand = "preview" | "up" | "refresh" | "destroy" | "import";

export interface OperationFlags {
    readonly stack?: string;
    readonly nonInteractive?: boolean;
    readonly color: string;
    readonly diff?: boolean;
    readonly json?: boolean;
    readonly parallel?: number;
    readonly refresh?: boolean;
    readonly expectNoChanges?: boolean;
    readonly yes?: boolean;
    readonly skipPreview?: boolean;
    readonly previewOnly?: boolean;
    readonly clearPendingCreates?: boolean;
    readonly target?: readonly string[];
    readonly targetDependents?: boolean;
    readonly exclude?: readonly string[];
    readonly excludeDependents?: boolean;
    readonly replace?: readonly string[];
    readonly targetReplace?: readonly string[];
    readonly continueOnError?: boolean;
    readonly runProgram?: boolean;
    readonly excludeProtected?: boolean;
    readonly remove?: boolean;
    readonly suppressOutputs?: boolean;
    readonly suppressProgress?: boolean;
    readonly config?: readonly string[];
    readonly configPath?: boolean;
    readonly policyPack?: readonly string[];
    readonly policyPackConfig?: readonly string[];
    readonly message?: string;
    readonly eventLog?: string;
    readonly showSames?: boolean;
    readonly showSecrets?: boolean;
    /** The further flags of an import. */
    readonly importing?: Omit<ImportRunOptions, keyof RunOptions>;
}

const headlines: Record<OperationCommand, { readonly preview: string; readonly run: string }> = {
    preview: { preview: "Previewing update", run: "" },
    up: { preview: "Previewing update", run: "Updating" },
    refresh: { preview: "Previewing refresh", run: "Refreshing" },
    destroy: { preview: "Previewing destroy", run: "Destroying" },
    import: { preview: "Previewing import", run: "Importing" },
};

/**
 * Runs an operation as the command line asks for.
 * @param printed gets the program of an import
 * @returns the exit status
 */
export async function runOperation(
    io: CommandIo,
    command: OperationCommand,
    flags: OperationFlags,
    printed: (program: string) => void = () => {},
): Promise<number> {
    const interactive = flags.nonInteractive !== true && io.stdin.isTTY === true && io.stdout.isTTY === true;
    const onlyPreview = command === "preview" || flags.previewOnly === true;
    const options = optionsOf(flags, io);
    const ready = await setUp(io, {
        stack: flags.stack,
        interactive: interactive && !flags.json,
        mayCreate: command === "up" || command === "preview",
    });
    if (ready === undefined) return exitStatus.declined;
    if (!onlyPreview && !(interactive && !flags.json) && !flags.yes && !flags.skipPreview) {
        throw new CommandRefused(
            "--yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode",
            exitStatus.badInvocation,
        );
    }
    const engine = new EmbeddedEngine({
        folder: io.cwd,
        environment: ready.environment,
        stack: ready.stack,
        onWarning: (message) => void io.stderr.write(`warning: ${visibleLines(message)}\n`),
        inProcess: io.inProcess,
        hosts: hostedProvider(ready.environment),
    });
    if (flags.config !== undefined) engine.setConfigs(flags.config, flags.configPath === true);
    const kept = flags.excludeProtected ? keptByProtection(engine, flags, io) : [];
    if (kept === undefined) return exitStatus.succeeded;
    const cancellation = cancelOnSignals(io);
    const log = flags.eventLog === undefined ? undefined : EventLog.open(eventLogTarget(flags.eventLog, io));
    let program: string | undefined;
    const run: Run = async (preview, shown) => {
        const listeners = [shown];
        if (log !== undefined) {
            const operation = operationName(command, preview);
            listeners.push(new EventStream({ operation, preview, write: (line) => log.write(line) }).listener);
        }
        const listener: EngineListener = (event) => {
            for (const listen of listeners) listen(event);
        };
        const exclude = [...(flags.exclude ?? []), ...kept];
        const running = { ...options, exclude, preview, listener, cancel: cancellation.signal };
        if (command !== "import") return await engine[command](running);
        const result = await engine.import({ file: {}, ...flags.importing, ...running });
        if (result.program !== undefined) program = result.program;
        return result;
    };
    try {
        const status = await previewAndRun({ engine, command, flags, io, run, onlyPreview, kept: kept.length });
        if (program !== undefined) printed(program);
        return status === exitStatus.failed && cancellation.signal.aborted ? exitStatus.interrupted : status;
    } finally {
        cancellation.forget();
        await log?.close();
    }
}

/** The file, relative to the folder of the command, or the address of a service. */
const eventLogTarget = (target: string, io: CommandIo): string =>
    target.startsWith("tcp://") ? target : fileIn(io, target);

/** The operation as the CLI's messages name it. */
const operationName = (command: OperationCommand, preview: boolean): string =>
    preview ? "preview" : command === "up" ? "update" : command;

/** One call of an operation's command. */
interface Call {
    readonly engine: EmbeddedEngine;
    readonly command: OperationCommand;
    readonly flags: OperationFlags;
    readonly io: CommandIo;
    readonly run: Run;
    readonly onlyPreview: boolean;
    /** How many protected resources the destroy keeps. */
    readonly kept: number;
}

type Run = (preview: boolean, listener: EngineListener) => Promise<OperationResult>;

async function previewAndRun(call: Call): Promise<number> {
    const { engine, command, flags, io, onlyPreview, kept } = call;
    const streams = isSet(io.env.PULUMI_ENABLE_STREAMING_JSON_PREVIEW);
    if (command === "preview" && flags.json && !streams) return await previewAsJson(call);
    if (onlyPreview || !flags.skipPreview) {
        const result = await runShown(call, true, flags);
        if (!result.succeeded) return exitStatus.failed;
        if (onlyPreview) return changesFault(flags, result.changes, "preview");
        if (!flags.yes && !(await confirmed(call))) return exitStatus.declined;
    }
    const result = await runShown(call, false, flags);
    if (!result.succeeded) return exitStatus.failed;
    if (command === "destroy") endDestroy(engine, flags, kept, io);
    return changesFault(flags, result.changes, operationName(command, false));
}

/** @throws UserError where options contradict each other, before anything is asked for or made */
function optionsOf(flags: OperationFlags, io: CommandIo): RunOptions {
    if (flags.excludeProtected && (flags.target ?? []).length > 0) {
        const what = "you cannot specify --target and --exclude-protected";
        throw new UserError("invalid-command", what, {}, { cure: "Pass one of the two." });
    }
    return {
        parallel: flags.parallel,
        refresh: flags.refresh,
        clearPendingCreates: flags.clearPendingCreates === true,
        continueOnError: flags.continueOnError,
        message: flags.message,
        showSecrets: flags.showSecrets,
        runProgram: flags.runProgram ?? isSet(io.env.PULUMI_RUN_PROGRAM),
        target: [...(flags.target ?? []), ...(flags.targetReplace ?? [])],
        targetDependents: flags.targetDependents,
        exclude: flags.exclude,
        excludeDependents: flags.excludeDependents,
        policyPacks: policyPacksOf(flags, io),
        replace: [...(flags.replace ?? []), ...(flags.targetReplace ?? [])],
    };
}

/** The value of a switch in the environment, as the CLI reads it. */
const isSet = (text: string | undefined): boolean => text === "1" || text?.toLowerCase() === "true";

/** Packs and configurations are given in the same order. */
function policyPacksOf({ policyPack = [], policyPackConfig = [] }: OperationFlags, io: CommandIo): PolicyPackSource[] {
    if (policyPackConfig.length > policyPack.length)
        throw new UserError(
            "invalid-command",
            "There are more --policy-pack-config than --policy-pack",
            {},
            { cure: "Pass one --policy-pack for each --policy-pack-config." },
        );
    return policyPack.map((name, index) => {
        const folder = fileIn(io, name);
        const config = policyPackConfig[index];
        return config === undefined ? { folder } : { folder, config: readPolicyConfig(fileIn(io, config)) };
    });
}

async function previewAsJson({ run, flags, io }: Call): Promise<number> {
    const json = new PreviewJson(flags.showSames === true);
    const result = await run(true, json.listener);
    io.stdout.write(json.text);
    if (!result.succeeded) return exitStatus.failed;
    return changesFault(flags, result.changes, "preview");
}

async function runShown(
    { engine, command, io, run }: Call,
    preview: boolean,
    flags: OperationFlags,
): Promise<OperationResult> {
    const operation = operationName(command, preview);
    const write = (chunk: string): void => void io.stdout.write(chunk);
    if (flags.json) return await run(preview, new EventStream({ operation, preview, write }).listener);
    const options = {
        preview,
        operation,
        headline: preview ? headlines[command].preview : headlines[command].run,
        stack: engine.stackName,
        diff: flags.diff === true,
        suppressOutputs: flags.suppressOutputs === true,
        showSames: flags.showSames === true,
        paint: painterFor(flags.color, io.stdout.isTTY === true, io.env),
        write,
        writeError: (chunk: string) => void (flags.diff ? io.stderr : io.stdout).write(chunk),
    };
    const terminal = drawable(flags, io);
    if (terminal === undefined) return await run(preview, new OperationText(options).listener);
    const tree = new LiveTree({ ...options, terminal, now: Date.now });
    try {
        return await run(preview, tree.listener);
    } finally {
        tree.stop();
    }
}

/** Standard output, if it is a terminal that is wide enough for the tree. */
function drawable(flags: OperationFlags, { stdout, env }: CommandIo): Terminal | undefined {
    const isWanted = flags.nonInteractive !== true && flags.diff !== true && flags.suppressProgress !== true;
    if (!isWanted || stdout.isTTY !== true || env.TERM === "dumb" || !isTerminal(stdout)) return undefined;
    return stdout.columns >= narrowestTree ? stdout : undefined;
}

const isTerminal = (output: Partial<Terminal>): output is Terminal =>
    output.columns !== undefined && output.rows !== undefined;

async function confirmed(call: Call): Promise<boolean> {
    const { command, io, flags } = call;
    const prompt = createInterface({ input: io.stdin, output: io.stdout });
    const what = operationName(command, false);
    try {
        for (;;) {
            const answer = (await prompt.question(`Do you want to perform this ${what}? (yes/no/details) `))
                .trim()
                .toLowerCase();
            if (answer === "yes" || answer === "y") return true;
            if (answer === "no" || answer === "n" || answer === "") {
                io.stdout.write(`confirmation declined, not proceeding with the ${what}\n`);
                return false;
            }
            if (answer === "details") await runShown(call, true, { ...flags, diff: true });
        }
    } finally {
        prompt.close();
    }
}

/** Reads, and dropping what was only read, are not changes (pkg/cmd/pulumi/operations). */
function changesFault(flags: OperationFlags, changes: ResourceChanges, what: string): number {
    const { same: _same, read: _read, discard: _discard, ...others } = changes;
    if (!flags.expectNoChanges || Object.keys(others).length === 0) return exitStatus.succeeded;
    throw new CommandRefused(
        `no changes were expected for ${what} but changes were ${what === "preview" ? "proposed" : "made"}`,
        exitStatus.changesNotExpected,
    );
}

/** The first ^C or SIGTERM lets running steps finish; the second ends the process. */
function cancelOnSignals(io: CommandIo): { readonly signal: AbortSignal; readonly forget: () => void } {
    const controller = new AbortController();
    const forget = io.onSignal(() => {
        if (controller.signal.aborted) io.endNow(exitStatus.interrupted);
        io.stderr.write("^C received; cancelling. If you would like to terminate immediately, press ^C again.\n");
        controller.abort();
    });
    return { signal: controller.signal, forget };
}

/** @returns the URNs that the destroy keeps; undefined when there are no others */
function keptByProtection(
    engine: EmbeddedEngine,
    flags: OperationFlags,
    { stdout }: CommandIo,
): readonly string[] | undefined {
    const { urns, others } = engine.protectedResources();
    if (urns.length === 0 || others > 0) return urns;
    if (!flags.json)
        stdout.write(
            `There were no unprotected resources to destroy. There are still ${urns.length} protected resources associated with this stack.\n`,
        );
    return undefined;
}

/** Reports what is left of a stack after a destroy, or removes it. */
function endDestroy(engine: EmbeddedEngine, flags: OperationFlags, kept: number, { stdout }: CommandIo): void {
    const say = (text: string): void => void (flags.json || stdout.write(text));
    if (kept > 0) {
        say(
            `All unprotected resources were destroyed. There are still ${kept} protected resources associated with this stack.\n`,
        );
    } else if ((flags.target ?? []).length === 0) {
        if (flags.remove) engine.removeStack(flags.stack, false);
        say(
            flags.remove
                ? "The resources in the stack have been deleted, and the history and configuration removed.\n"
                : destroyHint(engine.stackName),
        );
    }
}

const destroyHint = (stack: string): string =>
    `The resources in the stack have been deleted, but the history and configuration associated with the stack are still maintained. \nIf you want to remove the stack completely, run \`pulumi-embedded stack rm ${stack}\`.\n`;
