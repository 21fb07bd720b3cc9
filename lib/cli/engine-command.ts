import { Command, Option } from "commander";

/**
 * A command of `pulumi-embedded`, with the options that all of them have.
 * @param sample the arguments of the example in its help
 */
export function engineCommand(name: string, description: string, sample: string): Command {
    return new Command(name)
        .description(description)
        .option("-C, --cwd <folder>", "run as if started in this folder")
        .option("-s, --stack <name>", "the stack; by default the selected one")
        .option("--non-interactive", "do not ask any questions")
        .addOption(
            new Option("--color <choice>", "color the output")
                .choices(["always", "never", "raw", "auto"])
                .default("auto"),
        )
        .addHelpText("after", engineExample(sample));
}

/** The end of a command's help. */
export const engineExample = (sample: string): string => `\nExample:\n  $ pulumi-embedded ${sample}`;
