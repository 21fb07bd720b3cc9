import type { Argument, Command, Option } from "commander";

/** The candidates for an unfinished word. */
export interface Completion {
    readonly words: readonly { readonly word: string; readonly description: string }[];
    /** Whether names of files fit too. */
    readonly files: boolean;
}

const none: Completion = { words: [], files: false };
const files: Completion = { words: [], files: true };

/**
 * Completes a command line from the definitions that `--help` prints.
 * @param words the words after the command's name; the last one is unfinished, and may be empty
 */
export function completionOf(program: Command, words: readonly string[]): Completion {
    const unfinished = words.at(-1) ?? "";
    let command = program;
    let position = 0;
    let isOptionless = false;
    let awaiting: Option | undefined;
    for (const word of words.slice(0, -1)) {
        if (awaiting !== undefined) awaiting = undefined;
        else if (word === "--") isOptionless = true;
        else if (!isOptionless && word.startsWith("-"))
            awaiting = word.includes("=") ? undefined : valued(command, word);
        else {
            const child = childOf(command, word);
            if (child === undefined) position += 1;
            else [command, position] = [child, 0];
        }
    }
    if (awaiting !== undefined) return valuesOf(awaiting, unfinished);
    if (!isOptionless && unfinished.startsWith("-")) return optionsOf(command, unfinished);
    if (command.commands.length > 0 && position === 0) return matching(commandsOf(command), unfinished);
    return argumentOf(command, unfinished, position);
}

/** The option if its value is the next word. An optional value is only taken after `=`. */
const valued = (command: Command, flag: string): Option | undefined =>
    command.options.find((option) => option.required && (option.long === flag || option.short === flag));

const childOf = (command: Command, word: string): Command | undefined =>
    command.commands.find((child) => child.name() === word || child.aliases().includes(word));

function optionsOf(command: Command, unfinished: string): Completion {
    const [flag = "", value] = unfinished.split(/=(.*)/s);
    if (value !== undefined) {
        const option = command.options.find(({ long }) => long === flag);
        if (option === undefined || option.isBoolean()) return none;
        const { words, files: withFiles } = valuesOf(option, value);
        return { words: words.map((row) => ({ ...row, word: `${flag}=${row.word}` })), files: withFiles };
    }
    const rows = command
        .createHelp()
        .visibleOptions(command)
        .map(({ long, short, description }) => ({
            word: long ?? short ?? "",
            description,
        }));
    return matching(rows, unfinished);
}

const commandsOf = (command: Command): Completion["words"] =>
    command
        .createHelp()
        .visibleCommands(command)
        .map((child) => ({ word: child.name(), description: child.description() }));

/** A list separated by commas is completed at its last part. */
function valuesOf({ argChoices, flags }: Option, unfinished: string): Completion {
    if (argChoices === undefined) return /<(?:file|folder|path|plan)>|\[(?:file|folder)\]/.test(flags) ? files : none;
    const isList = /[<[]\w*s[>\]]/.test(flags);
    const before = isList ? unfinished.slice(0, unfinished.lastIndexOf(",") + 1) : "";
    const chosen = new Set(before.split(","));
    const rows = argChoices.filter((choice) => !chosen.has(choice));
    return matching(
        rows.map((choice) => ({ word: `${before}${choice}`, description: "" })),
        unfinished,
    );
}

function argumentOf(command: Command, unfinished: string, position: number): Completion {
    const { registeredArguments } = command;
    const last = registeredArguments.at(-1);
    const argument: Argument | undefined = registeredArguments[position] ?? (last?.variadic ? last : undefined);
    if (argument === undefined) return none;
    if (argument.argChoices !== undefined) {
        const rows = argument.argChoices.map((word) => ({ word, description: "" }));
        return matching(rows, unfinished);
    }
    return /^(?:file|files|state|folder)$/.test(argument.name()) ? files : none;
}

const matching = (words: Completion["words"], unfinished: string): Completion => ({
    words: words.filter(({ word }) => word.startsWith(unfinished)),
    files: false,
});
