import { createInterface } from "node:readline/promises";
import {
    EmbeddedEngine,
    type EngineListener,
    type OperationResult,
    type ResourceChanges,
    type RunOptions,
} from "../engine";
import { painterFor } from "../engine/display/colors";
import { EventStream } from "../engine/display/event-stream";
import { LiveTree, narrowestTree } from "../engine/display/live-tree";
import { OperationText } from "../engine/display/operation-text";
import { PreviewJson } from "../engine/display/preview-json";
import { readPolicyConfig } from "../engine/policy/policy-config";
import type { PolicyPackSource } from "../engine/policy/policy-pack";
import { UserError } from "../errors";

type Verb = "preview" | "up" | "refresh" | "destroy";

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
}

const declined = 8;
const changesNotExpected = 7;

const headlines: Record<Verb, { readonly preview: string; readonly run: string }> = {
    preview: { preview: "Previewing update", run: "" },
    up: { preview: "Previewing update", run: "Updating" },
    refresh: { preview: "Previewing refresh", run: "Refreshing" },
    destroy: { preview: "Previewing destroy", run: "Destroying" },
};

/**
 * Runs `preview`, `up`, `refresh` or `destroy` as the command line asks for.
 * @returns the exit status
 */
export async function runOperationCommand(verb: Verb, flags: OperationFlags): Promise<number> {
    const interactive = flags.nonInteractive !== true && process.stdin.isTTY === true && process.stdout.isTTY === true;
    const onlyPreview = verb === "preview" || flags.previewOnly === true;
    if (!onlyPreview && !(interactive && !flags.json) && !flags.yes && !flags.skipPreview) {
        process.stderr.write(
            "error: --yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode\n",
        );
        return verb === "refresh" ? 1 : 2;
    }
    const engine = new EmbeddedEngine({ folder: process.cwd(), stack: flags.stack });
    if (flags.config !== undefined) engine.setConfigs(flags.config, flags.configPath === true);
    const kept = flags.excludeProtected ? keptByProtection(engine, flags) : [];
    if (kept === undefined) return 0;
    const cancel = cancelOnSignals();
    const options = optionsOf({ ...flags, exclude: [...(flags.exclude ?? []), ...kept] });
    const run = async (preview: boolean, listener: EngineListener): Promise<OperationResult> =>
        await engine[verb]({ ...options, preview, listener, cancel });
    if (verb === "preview" && flags.json) return await previewAsJson(run, flags);
    if (onlyPreview || !flags.skipPreview) {
        const result = await runShown(engine, verb, true, flags, run);
        if (!result.succeeded) return 1;
        if (onlyPreview) return changesFault(flags, result.changes, "preview");
        if (!flags.yes && !(await confirmed(engine, verb, flags, run))) return declined;
    }
    const result = await runShown(engine, verb, false, flags, run);
    if (!result.succeeded) return 1;
    if (verb === "destroy") endDestroy(engine, flags, kept.length);
    return changesFault(flags, result.changes, verb === "up" ? "update" : verb);
}

const optionsOf = (flags: OperationFlags): RunOptions => ({
    parallel: flags.parallel,
    refresh: flags.refresh,
    clearPendingCreates: flags.clearPendingCreates === true,
    continueOnError: flags.continueOnError,
    runProgram: flags.runProgram ?? isSet(process.env.PULUMI_RUN_PROGRAM),
    target: [...(flags.target ?? []), ...(flags.targetReplace ?? [])],
    targetDependents: flags.targetDependents,
    exclude: flags.exclude,
    excludeDependents: flags.excludeDependents,
    policyPacks: policyPacksOf(flags),
    replace: [...(flags.replace ?? []), ...(flags.targetReplace ?? [])],
});

/** A switch among the environment's variables, as the CLI reads it. */
const isSet = (text: string | undefined): boolean => text === "1" || text?.toLowerCase() === "true";

/** Packs and configurations are given in the same order. */
function policyPacksOf({ policyPack = [], policyPackConfig = [] }: OperationFlags): PolicyPackSource[] {
    if (policyPackConfig.length > policyPack.length)
        throw new UserError("invalid-command", "There are more --policy-pack-config than --policy-pack");
    return policyPack.map((folder, index) => {
        const config = policyPackConfig[index];
        return config === undefined ? { folder } : { folder, config: readPolicyConfig(config) };
    });
}

type Run = (preview: boolean, listener: EngineListener) => Promise<OperationResult>;

async function previewAsJson(run: Run, flags: OperationFlags): Promise<number> {
    const json = new PreviewJson();
    const result = await run(true, json.listener);
    process.stdout.write(json.text);
    if (!result.succeeded) return 1;
    return changesFault(flags, result.changes, "preview");
}

async function runShown(
    engine: EmbeddedEngine,
    verb: Verb,
    preview: boolean,
    flags: OperationFlags,
    run: Run,
): Promise<OperationResult> {
    const operation = preview ? "preview" : verb === "refresh" || verb === "destroy" ? verb : "update";
    const write = (chunk: string): void => void process.stdout.write(chunk);
    if (flags.json) return await run(preview, new EventStream({ operation, preview, write }).listener);
    const options = {
        preview,
        operation,
        headline: preview ? headlines[verb].preview : headlines[verb].run,
        stack: engine.stackName,
        diff: flags.diff === true,
        suppressOutputs: flags.suppressOutputs === true,
        paint: painterFor(flags.color, process.stdout.isTTY === true, process.env),
        write,
        writeError: (chunk: string) => void (flags.diff ? process.stderr : process.stdout).write(chunk),
    };
    if (!isDrawable(flags)) return await run(preview, new OperationText(options).listener);
    const tree = new LiveTree({ ...options, terminal: process.stdout, now: Date.now });
    try {
        return await run(preview, tree.listener);
    } finally {
        tree.stop();
    }
}

/** Whether standard output is a terminal that can be drawn on, and wide enough for it. */
const isDrawable = (flags: OperationFlags): boolean =>
    process.stdout.isTTY === true &&
    flags.nonInteractive !== true &&
    flags.diff !== true &&
    flags.suppressProgress !== true &&
    process.env.TERM !== "dumb" &&
    process.stdout.columns >= narrowestTree;

async function confirmed(engine: EmbeddedEngine, verb: Verb, flags: OperationFlags, run: Run): Promise<boolean> {
    const prompt = createInterface({ input: process.stdin, output: process.stdout });
    try {
        for (;;) {
            const answer = (
                await prompt.question(
                    `Do you want to perform this ${verb === "up" ? "update" : verb}? (yes/no/details) `,
                )
            )
                .trim()
                .toLowerCase();
            if (answer === "yes" || answer === "y") return true;
            if (answer === "no" || answer === "n" || answer === "") {
                process.stdout.write(
                    `confirmation declined, not proceeding with the ${verb === "up" ? "update" : verb}\n`,
                );
                return false;
            }
            if (answer === "details") await runShown(engine, verb, true, { ...flags, diff: true }, run);
        }
    } finally {
        prompt.close();
    }
}

/** Reading, and forgetting what was only read, are no changes (pkg/cmd/pulumi/operations). */
function changesFault(flags: OperationFlags, changes: ResourceChanges, what: string): number {
    const { same: _same, read: _read, discard: _discard, ...others } = changes;
    if (!flags.expectNoChanges || Object.keys(others).length === 0) return 0;
    process.stderr.write(
        `error: no changes were expected for ${what} but changes were ${what === "preview" ? "proposed" : "made"}\n`,
    );
    return changesNotExpected;
}

/** The first ^C or SIGTERM lets running work finish, the second ends at once. */
function cancelOnSignals(): AbortSignal {
    const controller = new AbortController();
    const onSignal = (): void => {
        if (controller.signal.aborted) process.exit(1);
        process.stderr.write("^C received; cancelling. If you would like to terminate immediately, press ^C again.\n");
        controller.abort();
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
    return controller.signal;
}

/** @returns what is not to be destroyed; undefined when nothing else is there */
function keptByProtection(engine: EmbeddedEngine, flags: OperationFlags): readonly string[] | undefined {
    if ((flags.target ?? []).length > 0)
        throw new UserError("invalid-command", "you cannot specify --target and --exclude-protected");
    const { urns, others } = engine.protectedResources();
    if (urns.length === 0 || others > 0) return urns;
    if (!flags.json)
        process.stdout.write(
            `There were no unprotected resources to destroy. There are still ${urns.length} protected resources associated with this stack.\n`,
        );
    return undefined;
}

/** Says what is left of a stack after a destroy, or removes that too. */
function endDestroy(engine: EmbeddedEngine, flags: OperationFlags, kept: number): void {
    const say = (text: string): void => void (flags.json || process.stdout.write(text));
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
