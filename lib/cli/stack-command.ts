import { Command } from "commander";
import type { Invocation } from "./command-line";
import { engineCommand, engineExample } from "./engine-command";
import { wholeNumber } from "./option-values";

// Loaded when a command is called.
const actions = (): typeof import("./stack-actions") => require("./stack-actions");

type Add = (name: string, description: string, sample: string) => Command;

/** `stack` and its commands. */
export function stackCommand(invocation: Invocation): Command {
    const stack = new Command("stack")
        .description("manage stacks")
        .addHelpText("after", engineExample("stack output --json"));
    const add: Add = (name, description, sample) => {
        const command = engineCommand(name, description, `stack ${sample}`);
        stack.addCommand(command);
        return command;
    };
    addCommandsForStacks(add, invocation);
    addCommandsForStates(add, invocation);
    return stack;
}

function addCommandsForStacks(add: Add, { lazyAction }: Invocation): void {
    add("init", "create a stack and select it", "init dev --yes")
        .aliases(["new", "create", "setup"])
        .argument("[name]")
        .option("--no-select", "do not select it")
        .option("-y, --yes", "create the state folder too, without a question")
        .action(lazyAction(() => actions().initStack));
    add("select", "select the stack that later commands work on", "select dev")
        .argument("[name]")
        .option("-c, --create", "create it if it does not exist")
        .action(lazyAction(() => actions().selectStack));
    add("ls", "list the project's stacks", "ls --json")
        .alias("list")
        .option("-j, --json", "print as JSON")
        .action(lazyAction(() => actions().listStacks));
    add("rename", "give a stack another name", "rename prod")
        .argument("<name>")
        .action(lazyAction(() => actions().renameStack));
    add("history", "list the stack's operations, the last one first", "history --json")
        .option("-j, --json", "print as JSON")
        .option("--show-secrets", "print secret configuration in plain text")
        .option("--full-dates", "print full dates, which is the default here")
        .option("--page-size <count>", "how many to print at most", wholeNumber(1))
        .option("--page <number>", "which of the pages to print", wholeNumber(1))
        .action(lazyAction(() => actions().printHistory));
    add("rm", "remove a stack, its history and its settings", "rm dev --yes")
        .aliases(["remove", "delete"])
        .argument("[name]")
        .option("-y, --yes", "do not ask for confirmation")
        .option("-f, --force", "also remove a stack with resources, which stay in the cloud")
        .option("--preserve-config", "keep the stack's settings file")
        .option("--remove-backups", "remove the copies of former states too")
        .action(lazyAction(() => actions().removeStack));
}

function addCommandsForStates(add: Add, { lazyAction }: Invocation): void {
    add("output", "print the stack's outputs", "output bucketName")
        .argument("[name]")
        .option("-j, --json", "print as JSON")
        .option("--show-secrets", "print secrets in plain text")
        .action(lazyAction(() => actions().printOutputs));
    add("export", "print the stack's state", "export --file state.json")
        .option("--file <path>", "write to a file instead")
        .option("--show-secrets", "write secrets in plain text")
        .action(lazyAction(() => actions().exportStack));
    add("import", "replace the stack's state by an exported one", "import --file state.json")
        .option("--file <path>", "read from a file instead of standard input")
        .option("-f, --force", "also import the state of another stack")
        .action(lazyAction(() => actions().importStack));
}
