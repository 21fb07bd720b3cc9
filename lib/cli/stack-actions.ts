import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { EmbeddedEngine } from "../engine";
import { UserError, unreadable } from "../errors";
import { textTable, visibleLines } from "../text";
import { type CommandIo, fileIn, pulumiTableWidth } from "./command-io";
import { CommandRefused } from "./command-line";
import { exitStatus } from "./exit-status";
import { expectWritable, writeOutput } from "./output-file";
import { setUp } from "./set-up";

export interface StackFlags {
    readonly stack?: string;
    readonly nonInteractive?: boolean;
    readonly json?: boolean;
    readonly yes?: boolean;
    readonly force?: boolean;
    readonly create?: boolean;
    readonly showSecrets?: boolean;
    readonly file?: string;
    readonly select?: boolean;
    readonly preserveConfig?: boolean;
    readonly removeBackups?: boolean;
    readonly verbose?: boolean;
    readonly page?: number;
    readonly pageSize?: number;
}

const engineFor = (
    { cwd, env, stderr, inProcess }: CommandIo,
    flags: StackFlags,
    stack = flags.stack,
): EmbeddedEngine =>
    new EmbeddedEngine({
        folder: cwd,
        environment: env,
        stack,
        inProcess,
        onWarning: (message) => void stderr.write(`warning: ${visibleLines(message)}\n`),
    });

const print = (io: CommandIo, text: string): void => {
    io.stdout.write(`${text}\n`);
};

/** Creates a stack. On a terminal it asks for what is missing besides; with `--yes` it creates the state folder too. */
export async function initStack(io: CommandIo, name: string | undefined, flags: StackFlags): Promise<number> {
    const stack = required(name ?? flags.stack);
    const interactive = flags.nonInteractive !== true && io.stdin.isTTY === true && io.stdout.isTTY === true;
    const choice = { creates: stack, interactive, mayCreate: true, createsFolder: flags.yes === true };
    const ready = await setUp(io, choice);
    if (ready === undefined) return exitStatus.declined;
    const engine = engineFor({ ...io, env: ready.environment }, flags);
    print(io, `Created stack '${await engine.createStack(stack, flags.select !== false)}'`);
    return exitStatus.succeeded;
}

export async function selectStack(io: CommandIo, name: string | undefined, flags: StackFlags): Promise<void> {
    const chosen = required(name ?? flags.stack);
    const engine = engineFor(io, flags);
    try {
        engine.selectStack(chosen);
    } catch (error) {
        if (!(flags.create && error instanceof UserError && error.kind === "stack-not-found")) throw error;
        print(io, `Created stack '${await engine.createStack(chosen)}'`);
    }
}

export function listStacks(io: CommandIo, flags: StackFlags): void {
    const stacks = engineFor(io, flags).stacks();
    if (flags.json) {
        const list = stacks.map(({ name, current, resources, lastUpdate }) => ({
            name,
            current,
            ...(lastUpdate === undefined ? {} : { lastUpdate }),
            updateInProgress: false,
            ...(resources === undefined ? {} : { resourceCount: resources }),
        }));
        print(io, JSON.stringify(list, null, 2));
        return;
    }
    const rows = stacks.map(({ name, current, resources, lastUpdate }) => ({
        cells: [`${name}${current ? "*" : ""}`, lastUpdate ?? "n/a", String(resources ?? "n/a")],
    }));
    io.stdout.write(textTable(["NAME", "LAST UPDATE", "RESOURCE COUNT"], rows, { columns: pulumiTableWidth(io) }));
}

export function renameStack(io: CommandIo, name: string, flags: StackFlags): void {
    print(io, `Renamed to ${engineFor(io, flags).renameStack(name)}`);
}

export function printIdentity(io: CommandIo, flags: StackFlags): void {
    const { user, organization, backend } = engineFor(io, flags).identity();
    if (flags.json) print(io, JSON.stringify({ user, organizations: [organization], url: backend }, null, 2));
    else print(io, flags.verbose ? `User: ${user}\nOrganizations: ${organization}\nBackend URL: ${backend}` : user);
}

/** Prints the stack's operations, in the CLI's schema when they are printed as JSON. */
export async function printHistory(io: CommandIo, flags: StackFlags): Promise<void> {
    const all = await engineFor(io, flags).history(flags.showSecrets === true);
    const size = flags.pageSize ?? all.length;
    const first = ((flags.page ?? 1) - 1) * size;
    const shown = all.slice(first, first + size);
    if (flags.json) {
        const list = shown.map(({ startTime, endTime, config, ...rest }) => ({
            ...rest,
            startTime: isoTime(startTime),
            endTime: isoTime(endTime),
            config: Object.fromEntries(
                [...config].map(([key, { text: value, secret }]) => [
                    key,
                    secret && !flags.showSecrets ? { secret } : { value, secret },
                ]),
            ),
        }));
        print(io, JSON.stringify(list, null, 2));
        return;
    }
    if (shown.length === 0) print(io, "Stack has never been updated");
    for (const { version, kind, result, message, startTime, endTime, resourceChanges: changes } of shown) {
        const counts = `+${changes.create ?? 0}-${changes.delete ?? 0}~${changes.update ?? 0} ${changes.same ?? 0}`;
        const took = `${counts} Updated ${isoTime(startTime)} took ${endTime - startTime}s`;
        print(
            io,
            visibleLines(`Version: ${version}\nUpdateKind: ${kind}\nStatus: ${result}\nMessage: ${message}\n${took}\n`),
        );
    }
}

const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString();

export async function removeStack(io: CommandIo, name: string | undefined, flags: StackFlags): Promise<number> {
    const chosen = name ?? flags.stack;
    const engine = engineFor(io, flags, chosen);
    const { stackName } = engine;
    if (!flags.force) engine.expectEmpty();
    const warning = `This will permanently remove the '${stackName}' stack!`;
    if (!flags.yes && !(await askForName(io, stackName, flags, warning))) return exitStatus.declined;
    const { preserveConfig: keepSettings, removeBackups } = flags;
    engine.removeStack(chosen, flags.force === true, { keepSettings, removeBackups });
    print(io, `Stack '${stackName}' has been removed!`);
    return exitStatus.succeeded;
}

/** @returns whether the user typed the stack's name */
async function askForName(io: CommandIo, stack: string, flags: StackFlags, warning: string): Promise<boolean> {
    if (flags.nonInteractive || io.stdin.isTTY !== true)
        throw new CommandRefused("non-interactive mode requires --yes flag", exitStatus.badInvocation);
    const prompt = createInterface({ input: io.stdin, output: io.stdout });
    const answer = await prompt.question(
        `${warning}\nPlease confirm that this is what you'd like to do by typing "${stack}": `,
    );
    prompt.close();
    if (answer.trim() === stack) return true;
    print(io, "confirmation declined");
    return false;
}

export async function printOutputs(io: CommandIo, name: string | undefined, flags: StackFlags): Promise<void> {
    const outputs = await engineFor(io, flags).outputs(
        flags.showSecrets === true || (name !== undefined && flags.showSecrets !== false),
    );
    if (name !== undefined) {
        if (!Object.hasOwn(outputs, name))
            throw new UserError("output-not-found", `current stack does not have output property '${name}'`);
        const value = outputs[name];
        print(
            io,
            flags.json || typeof value !== "string" ? JSON.stringify(value, null, flags.json ? 2 : undefined) : value,
        );
        return;
    }
    if (flags.json) {
        print(io, JSON.stringify(outputs, null, 2));
        return;
    }
    const names = Object.keys(outputs);
    print(
        io,
        names.length === 0 ? "No output values currently in this stack" : `Current stack outputs (${names.length}):`,
    );
    if (names.length === 0) return;
    const rows = names.map((key) => {
        const value = outputs[key];
        return { cells: [key, typeof value === "string" ? value : JSON.stringify(value)] };
    });
    io.stdout.write(textTable(["OUTPUT", "VALUE"], rows, { columns: pulumiTableWidth(io), indent: 4 }));
}

export async function exportStack(io: CommandIo, flags: StackFlags): Promise<void> {
    expectWritable(io, { "--file": flags.file });
    const engine = engineFor(io, flags);
    const state = JSON.stringify(await engine.exportState(flags.showSecrets === true), null, 4);
    writeOutput(io, flags.file, `${state}\n`, `the state of stack ${engine.stackName}`, { secret: true });
}

/** Replaces the stack's state by one that `stack export` wrote, from a file or from standard input. */
export async function importStack(io: CommandIo, flags: StackFlags): Promise<void> {
    const content = flags.file === undefined ? await text(io.stdin) : readImport(fileIn(io, flags.file));
    for (const dropped of await engineFor(io, flags).importState(content, flags.force === true))
        io.stderr.write(`warning: ${dropped}\n`);
    print(io, "Import complete.");
}

function readImport(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch (cause) {
        throw unreadable("invalid-import", file, cause, "The state to import cannot be read");
    }
}

/** Removes the stack's locks. */
export async function cancelOperation(io: CommandIo, name: string | undefined, flags: StackFlags): Promise<number> {
    const engine = engineFor(io, flags, name ?? flags.stack);
    const { stackName } = engine;
    const warning = `This will irreversibly cancel the currently running update for '${stackName}'!`;
    if (!flags.yes && !(await askForName(io, stackName, flags, warning))) return exitStatus.declined;
    engine.cancel();
    print(io, `The currently running update for '${stackName}' has been canceled!`);
    return exitStatus.succeeded;
}

function required(name: string | undefined): string {
    if (name !== undefined && name !== "") return name;
    throw new UserError("invalid-command", "The stack's name is missing", {}, { cure: "Pass it after the command." });
}
