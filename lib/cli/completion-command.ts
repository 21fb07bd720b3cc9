import { Argument, type Command } from "commander";
import type { CommandIo } from "./command-io";
import type { Invocation } from "./command-line";
import { completeCommand, completionScript, filesLine, type Shell, shells } from "./completion-script";

/** Adds `completion` to the program, and the hidden command that the printed scripts ask. */
export function registerCompletionCommand(program: Command, { action }: Invocation): void {
    const name = program.name();
    program
        .command("completion")
        .alias("gen-completion")
        .description("print a script that completes commands, options and values in a shell")
        .addArgument(new Argument("<shell>", "the shell").choices(shells))
        .addHelpText(
            "after",
            [
                "",
                "Examples:",
                `  $ eval "$(${name} completion bash)"  # in ~/.bashrc`,
                `  $ eval "$(${name} completion zsh)"  # in ~/.zshrc, after compinit`,
                `  $ ${name} completion fish > ~/.config/fish/completions/${name}.fish`,
            ].join("\n"),
        )
        .action(action((io: CommandIo, shell: Shell) => void io.stdout.write(completionScript(shell, name))));
    program
        .command(completeCommand, { hidden: true })
        .argument("[words...]")
        .action(
            action((io: CommandIo, words: readonly string[]) => {
                const { completionOf }: typeof import("./completion") = require("./completion");
                const { words: rows, files } = completionOf(program, words);
                for (const { word, description } of rows)
                    io.stdout.write(`${[word, description].join("\t").trimEnd()}\n`);
                if (files) io.stdout.write(`${filesLine}\n`);
            }),
        );
}
