import { InvalidArgumentError, Option } from "commander";
import { nearestSpelling } from "../rule";
import { visible } from "../text";

/** An option whose value is one of a list, for help and completion too. */
export const choiceOption = (flags: string, description: string, choices: readonly string[]): Option =>
    new Option(flags, description).choices(choices);

/** An option with several values of a list, separated by commas: a set of them. */
export function listOption<Choice extends string>(
    flags: string,
    description: string,
    noun: string,
    choices: readonly Choice[],
): Option {
    return new Option(flags, description).choices(choices).argParser((text): ReadonlySet<Choice> => {
        const names = text.split(",").map((name) => name.trim());
        const isChoice = (name: string): name is Choice => (choices as readonly string[]).includes(name);
        const wrong = names.filter((name) => !isChoice(name));
        if (wrong.length === 0) return new Set(names.filter(isChoice));
        const advice = wrong.map((name) => {
            const meant = nearestSpelling(name, choices);
            return `"${visible(name)}" is not a ${noun}${meant === undefined ? "." : `; did you mean "${meant}"?`}`;
        });
        throw new InvalidArgumentError(`${advice.join(" ")} Known are ${choices.join(", ")}.`);
    });
}

/** `--json` of a command with `--format`: not beside it. */
export const jsonOption = (): Option => new Option("--json", "the same as --format json").conflicts("format");
