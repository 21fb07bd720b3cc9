#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type ErrorKind, UserError } from "../errors";

/** Exit codes of the CLI (pkg/cmd/pulumi/cmd/exit_codes.go) for errors that have one of their own. */
const exitCodes: Partial<Record<ErrorKind, number>> = {
    "invalid-command": 2,
    "confirmation-required": 2,
    "stack-not-found": 6,
};
const badInvocation = 2;
const internalError = 255;

function buildProgram(): Command {
    const program = new Command("pulumi-embedded")
        .description(
            "A Pulumi engine in one Node process, for stacks of dynamic resources written for Node.\nVerbs, flags, state files and behaviour are those of the pulumi CLI 3.247; what is missing here is refused by name.",
        )
        // `config` and `config set` both take --stack: what follows `set` belongs to `set`.
        .enablePositionalOptions()
        .showHelpAfterError("(see --help)")
        .addHelpText("after", example("pulumi-embedded stack init dev && pulumi-embedded up --yes"));
    program.addCommand(
        replacing(operationCommand("preview", "show what `up` would change", "preview --diff")).option(
            "-j, --json",
            "print the preview as JSON, in the CLI's schema",
        ),
    );
    program.addCommand(
        tolerant(
            replacing(
                changingCommand("up", "make the stack what its program declares", "up --yes --skip-preview"),
            ).alias("update"),
        ),
    );
    program.addCommand(
        changingCommand("refresh", "let the state take what is really there", "refresh --yes").option(
            "--clear-pending-creates",
            "forget creations of which an interrupted operation never heard the end",
        ),
    );
    program.addCommand(
        tolerant(changingCommand("destroy", "delete everything that the stack has", "destroy --yes"))
            .option("--run-program", "run the program too, for its delete hooks and the configuration of its providers")
            .option("--exclude-protected", "keep protected resources, and what they need")
            .option("--remove", "remove the stack and its settings too, when nothing is left of it"),
    );
    program.addCommand(stackCommand());
    program.addCommand(
        common(new Command("cancel"))
            .description("remove the locks that a killed operation left on a stack")
            .argument("[name]")
            .option("-y, --yes", "go ahead without being asked")
            .addHelpText("after", example("pulumi-embedded cancel dev --yes"))
            .action(async (name, options) => (await import("./stack-commands.js")).cancelOperation(name, options)),
    );
    program.addCommand(configCommand());
    program.hook("preAction", (_program, command) => enter(command.optsWithGlobals().cwd));
    return program;
}

/** Every path of a command line is meant from the folder that `--cwd` names. */
function enter(folder: string | undefined): void {
    if (folder === undefined) return;
    try {
        process.chdir(folder);
    } catch (cause) {
        throw new UserError("invalid-command", "There is no such folder", { file: folder }, { cause });
    }
}

/** Options that every command takes. */
function common(command: Command): Command {
    return command
        .option("-C, --cwd <folder>", "run as if started in this folder")
        .option("-s, --stack <name>", "the stack to work on; by default the selected one")
        .option("--non-interactive", "ask nothing")
        .addOption(
            new Option("--color <choice>", "color the output")
                .choices(["always", "never", "raw", "auto"])
                .default("auto"),
        );
}

function operationCommand(name: string, description: string, sample: string): Command {
    return common(new Command(name))
        .description(description)
        .option("--diff", "show every property of what changes")
        .option("-p, --parallel <count>", "how many resources to work on at the same time", positiveInteger)
        .option(
            "-r, --refresh [choice]",
            "read every resource first (`--refresh=false` beats `options.refresh` in Pulumi.yaml)",
            refreshChoice,
        )
        .option("--expect-no-changes", "fail when anything changes")
        .option("--suppress-outputs", "don't show the stack's outputs")
        .option("--suppress-progress", "show plain lines on a terminal too")
        .option("-t, --target <urn>", "only these resources; `*` and `**` stand for any part of a URN", collected)
        .option("--target-dependents", "also what depends on a target")
        .option("-x, --exclude <urn>", "everything but these resources", collected)
        .option("--exclude-dependents", "also without what depends on something excluded")
        .option("-c, --config <key=value>", "set configuration first, and keep it", collected)
        .option("--config-path", "the keys of --config may lead into structured values")
        .addHelpText("after", example(`pulumi-embedded ${sample}`))
        .action(async (options) => {
            const { runOperationCommand } = await import("./operation-command.js");
            process.exitCode = await runOperationCommand(name as "preview", options);
        });
}

function changingCommand(name: string, description: string, sample: string): Command {
    return operationCommand(name, description, sample)
        .option("-j, --json", "print every event as a line of JSON, in the CLI's schema")
        .option("-y, --yes", "go ahead without being asked")
        .option("-f, --skip-preview", "don't preview first")
        .option("--preview-only", "only preview");
}

/** What only operations that run the program take. */
const replacing = (command: Command): Command =>
    command
        .option("--policy-pack <folder>", "let the policies of this folder look at what is to be deployed", collected)
        .option(
            "--policy-pack-config <file>",
            "JSON with the configuration of the policy pack in the same place",
            collected,
        )
        .option("--replace <urn>", "replace these resources, whether or not they changed", collected)
        .option("--target-replace <urn>", "--target and --replace in one", collected);

const tolerant = (command: Command): Command =>
    command.option("--continue-on-error", "go on with what doesn't need a failed resource");

function stackCommand(): Command {
    const stack = new Command("stack")
        .description("manage stacks")
        .addHelpText("after", example("pulumi-embedded stack output --json"));
    const add = (name: string, description: string, sample: string): Command => {
        const command = common(new Command(name))
            .description(description)
            .addHelpText("after", example(`pulumi-embedded stack ${sample}`));
        stack.addCommand(command);
        return command;
    };
    const load = async () => await import("./stack-commands.js");
    add("init", "create a stack and select it", "init dev")
        .argument("[name]")
        .action(async (name, options) => (await load()).initStack(name, options));
    add("select", "select the stack that later commands work on", "select dev")
        .argument("[name]")
        .option("-c, --create", "create it when it isn't there")
        .action(async (name, options) => (await load()).selectStack(name, options));
    add("ls", "list the project's stacks", "ls --json")
        .option("-j, --json", "print as JSON")
        .action(async (options) => (await load()).listStacks(options));
    add("rm", "remove a stack, its history and its settings", "rm dev --yes")
        .argument("[name]")
        .option("-y, --yes", "go ahead without being asked")
        .option("-f, --force", "also when it still has resources, which are forgotten")
        .action(async (name, options) => (await load()).removeStack(name, options));
    add("output", "print the stack's outputs", "output bucketName")
        .argument("[name]")
        .option("-j, --json", "print as JSON")
        .option("--show-secrets", "print secrets in plain text")
        .action(async (name, options) => (await load()).printOutputs(name, options));
    add("export", "print the stack's state", "export --file state.json")
        .option("--file <path>", "write to a file instead")
        .option("--show-secrets", "write secrets in plain text")
        .action(async (options) => (await load()).exportStack(options));
    add("import", "put an exported state in the place of the stack's", "import --file state.json")
        .option("--file <path>", "read from a file instead of standard input")
        .option("-f, --force", "also when the state is another stack's")
        .action(async (options) => (await load()).importStack(options));
    return stack;
}

function configCommand(): Command {
    const config = new Command("config")
        .description("manage a stack's configuration")
        .addHelpText("after", example("pulumi-embedded config set region cn-hangzhou"));
    const add = (name: string, description: string, sample: string): Command => {
        const command = common(new Command(name))
            .description(description)
            .addHelpText("after", example(`pulumi-embedded config ${sample}`));
        config.addCommand(command);
        return command;
    };
    const load = async () => await import("./config-commands.js");
    add("set", "set a value; without one it is read from standard input", "set --secret password hunter2")
        .argument("<key>")
        .argument("[value]")
        .option("--path", "the key leads into a structured value: `names[0]`, `parent.child`")
        .option("--secret", "encrypt the value")
        .option("--plaintext", "don't encrypt the value")
        .action(async (key, value, options) => (await load()).setConfig(key, value, options));
    add("get", "print a value, decrypted", "get region")
        .argument("<key>")
        .option("--path", "the key leads into a structured value")
        .option("-j, --json", "print as JSON")
        .action(async (key, options) => (await load()).getConfig(key, options));
    add("rm", "remove a value", "rm region")
        .argument("<key>")
        .option("--path", "the key leads into a structured value")
        .action(async (key, options) => (await load()).removeConfig(key, options));
    common(config.enablePositionalOptions())
        .option("-j, --json", "print as JSON")
        .option("--show-secrets", "print secrets in plain text")
        .action(async (options) => (await load()).listConfig(options));
    return config;
}

const example = (line: string): string => `\nExample:\n  ${line}`;

/** For options that may be given more than once. */
const collected = (text: string, former: readonly string[] = []): readonly string[] => [...former, text];

function positiveInteger(text: string): number {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1 on.");
    return value;
}

function refreshChoice(text: string): boolean {
    if (text === "true" || text === "false") return text === "true";
    throw new InvalidArgumentError("It is true or false.");
}

/** Applies to every command: commander's own errors become ours, and go through one place. */
function withoutExit(command: Command): Command {
    command.exitOverride().configureOutput({ writeErr: () => {} });
    command.commands.forEach(withoutExit);
    return command;
}

function report(error: unknown): number {
    if (error instanceof CommanderError) {
        if (error.exitCode === 0) return 0;
        const unknown = /^commander\.unknown(Option|Command)$/.test(error.code);
        const hint = unknown
            ? "\nWhat the pulumi CLI has beyond `pulumi-embedded --help` is not supported here; use the pulumi CLI for it."
            : "";
        process.stderr.write(`${error.message}${hint}\n`);
        return badInvocation;
    }
    if (error instanceof UserError) {
        process.stderr.write(`error: ${error.message}\n`);
        return exitCodes[error.kind] ?? 1;
    }
    process.stderr.write(`internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
    return internalError;
}

// A reader that has seen enough, such as `head`, must not end an operation.
process.stdout.on("error", () => {});
withoutExit(buildProgram())
    // Called with nothing, `pulumi` shows its help too.
    .parseAsync(process.argv.length > 2 ? process.argv : [...process.argv, "--help"])
    .catch((error: unknown) => {
        process.exitCode = report(error);
    });
