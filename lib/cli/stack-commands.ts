import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { EmbeddedEngine } from "../engine";
import { UserError } from "../errors";
import { writeOutput } from "./output-file";

export interface StackFlags {
    readonly stack?: string;
    readonly nonInteractive?: boolean;
    readonly json?: boolean;
    readonly yes?: boolean;
    readonly force?: boolean;
    readonly create?: boolean;
    readonly showSecrets?: boolean;
    readonly file?: string;
}

const engineFor = (flags: StackFlags, stack = flags.stack): EmbeddedEngine =>
    new EmbeddedEngine({ folder: process.cwd(), stack });

const print = (text: string): void => {
    process.stdout.write(`${text}\n`);
};

export async function initStack(name: string | undefined, flags: StackFlags): Promise<void> {
    print(`Created stack '${await engineFor(flags).createStack(required(name ?? flags.stack))}'`);
}

export async function selectStack(name: string | undefined, flags: StackFlags): Promise<void> {
    const chosen = required(name ?? flags.stack);
    const engine = engineFor(flags);
    try {
        engine.selectStack(chosen);
    } catch (error) {
        if (!(flags.create && error instanceof UserError && error.kind === "stack-not-found")) throw error;
        print(`Created stack '${await engine.createStack(chosen)}'`);
    }
}

export function listStacks(flags: StackFlags): void {
    const stacks = engineFor(flags).stacks();
    if (flags.json) {
        const list = stacks.map(({ name, current, resources, lastUpdate }) => ({
            name,
            current,
            ...(lastUpdate === undefined ? {} : { lastUpdate }),
            updateInProgress: false,
            ...(resources === undefined ? {} : { resourceCount: resources }),
        }));
        print(JSON.stringify(list, null, 2));
        return;
    }
    const rows = [
        ["NAME", "LAST UPDATE", "RESOURCE COUNT"],
        ...stacks.map(({ name, current, resources, lastUpdate }) => [
            `${name}${current ? "*" : ""}`,
            lastUpdate ?? "n/a",
            String(resources ?? "n/a"),
        ]),
    ];
    const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    for (const row of rows)
        print(
            row
                .map((cell, column) => cell.padEnd(widths[column] ?? 0))
                .join("  ")
                .trimEnd(),
        );
}

export async function removeStack(name: string | undefined, flags: StackFlags): Promise<void> {
    const chosen = name ?? flags.stack;
    const engine = engineFor(flags, chosen);
    const { stackName } = engine;
    if (!flags.yes) await askForName(stackName, flags, `This will permanently remove the '${stackName}' stack!`);
    engine.removeStack(chosen, flags.force === true);
    print(`Stack '${stackName}' has been removed!`);
}

async function askForName(stack: string, flags: StackFlags, warning: string): Promise<void> {
    if (flags.nonInteractive || process.stdin.isTTY !== true) {
        process.stderr.write("error: non-interactive mode requires --yes flag\n");
        process.exit(1);
    }
    const prompt = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await prompt.question(
        `${warning}\nPlease confirm that this is what you'd like to do by typing "${stack}": `,
    );
    prompt.close();
    if (answer.trim() === stack) return;
    print("confirmation declined");
    process.exit(8);
}

export async function printOutputs(name: string | undefined, flags: StackFlags): Promise<void> {
    const outputs = await engineFor(flags).outputs(
        flags.showSecrets === true || (name !== undefined && flags.showSecrets !== false),
    );
    if (name !== undefined) {
        if (!Object.hasOwn(outputs, name))
            throw new UserError("stack-not-found", `current stack does not have output property '${name}'`);
        const value = outputs[name];
        print(
            flags.json || typeof value !== "string" ? JSON.stringify(value, null, flags.json ? 2 : undefined) : value,
        );
        return;
    }
    if (flags.json) {
        print(JSON.stringify(outputs, null, 2));
        return;
    }
    const names = Object.keys(outputs);
    print(names.length === 0 ? "No output values currently in this stack" : `Current stack outputs (${names.length}):`);
    const width = Math.max(0, "OUTPUT".length, ...names.map(({ length }) => length));
    if (names.length > 0) print(`    ${"OUTPUT".padEnd(width)}  VALUE`);
    for (const key of names) {
        const value = outputs[key];
        print(`    ${key.padEnd(width)}  ${typeof value === "string" ? value : JSON.stringify(value)}`);
    }
}

export async function exportStack(flags: StackFlags): Promise<void> {
    const state = JSON.stringify(await engineFor(flags).exportState(flags.showSecrets === true), null, 4);
    if (flags.file === undefined) print(state);
    else writeOutput(flags.file, `${state}\n`, 0o600);
}

/** Puts a state that `stack export` wrote, read from a file or from standard input, in the place of the stack's. */
export async function importStack(flags: StackFlags): Promise<void> {
    const content = flags.file === undefined ? await text(process.stdin) : readFileSync(flags.file, "utf8");
    for (const dropped of await engineFor(flags).importState(content, flags.force === true))
        process.stderr.write(`warning: ${dropped}\n`);
    print("Import complete.");
}

/** Removes the stack's locks. */
export async function cancelOperation(name: string | undefined, flags: StackFlags): Promise<void> {
    const engine = engineFor(flags, name ?? flags.stack);
    const { stackName } = engine;
    if (!flags.yes)
        await askForName(
            stackName,
            flags,
            `This will irreversibly cancel the currently running update for '${stackName}'!`,
        );
    engine.cancel();
    print(`The currently running update for '${stackName}' has been canceled!`);
}

function required(name: string | undefined): string {
    if (name !== undefined && name !== "") return name;
    throw new UserError("invalid-command", "The stack's name is missing");
}
