import path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../errors";
import { isFolder } from "../files";
import type { CommandIo } from "./command-io";
import { type Invocation, runCommandLine } from "./command-line";
import { registerCompletionCommand } from "./completion-command";
import type { ConfigFlags, ConfigListFlags } from "./config-commands";
import type { ImportFlags } from "./import-command";
import type { OperationFlags, Verb } from "./operation-command";
import type { StackFlags } from "./stack-commands";

const unknownHint =
    "What the pulumi CLI has beyond `pulumi-embedded --help` is not supported here; use the pulumi CLI for it.";

/** The command `pulumi-embedded`. @returns the exit status, as the pulumi CLI has it */
export async function pulumiEmbedded(args: readonly string[], io: CommandIo): Promise<number> {
    return await runCommandLine(buildProgram, args, io, unknownHint);
}

// Each command loads only what it runs.
const stackCommands = (): typeof import("./stack-commands") => require("./stack-commands");

function buildProgram(invocation: Invocation): Command {
    const program = new Command("pulumi-embedded")
        .description(
            "A Pulumi engine in one Node process, for stacks of dynamic resources written for Node.\nCommands, flags, state files and behaviour are those of the pulumi CLI 3.247; missing ones are refused by name.",
        )
        // `config` and `config set` both take --stack: what follows `set` belongs to `set`.
        .enablePositionalOptions()
        .addHelpText("after", example("pulumi-embedded stack init dev --yes && pulumi-embedded up --yes"));
    program.addCommand(
        replacing(operationCommand(invocation, "preview", "show what `up` would change", "preview --diff"))
            .alias("pre")
            .option("-j, --json", "print the preview as JSON, in the CLI's schema"),
    );
    program.addCommand(
        tolerant(
            replacing(
                changingCommand(
                    invocation,
                    "up",
                    "deploy what the stack's program declares",
                    "up --yes --skip-preview",
                ),
            ).alias("update"),
        ),
    );
    program.addCommand(
        changingCommand(invocation, "refresh", "update the state to match the resources", "refresh --yes").option(
            "--clear-pending-creates",
            "drop pending creations of interrupted operations from the state",
        ),
    );
    program.addCommand(
        tolerant(changingCommand(invocation, "destroy", "delete all resources of the stack", "destroy --yes"))
            .alias("down")
            .alias("dn")
            .option(
                "--run-program [choice]",
                "run the program too, for its delete hooks and the configuration of its providers",
                trueOrFalse,
            )
            .option("--exclude-protected", "keep protected resources and what they need")
            .option("--remove", "remove the stack and its settings too, when no resource is left"),
    );
    program.addCommand(importCommand(invocation));
    program.addCommand(stackCommand(invocation));
    program.addCommand(
        common(new Command("cancel"))
            .description("remove the locks that a killed operation left on a stack")
            .argument("[name]")
            .option("-y, --yes", "do not ask for confirmation")
            .addHelpText("after", example("pulumi-embedded cancel dev --yes"))
            .action(
                invocation.action(async (io, name: string | undefined, flags: StackFlags) =>
                    stackCommands().cancelOperation(name, flags, io),
                ),
            ),
    );
    program.addCommand(configCommand(invocation));
    program.addCommand(
        new Command("version")
            .description("print the version of the pulumi CLI that this engine follows")
            .addHelpText("after", example("pulumi-embedded version"))
            .action(
                invocation.action((io) => {
                    const { engineVersion }: typeof import("../engine") = require("../engine");
                    io.stdout.write(`${engineVersion}\n`);
                }),
            ),
    );
    program.addCommand(
        common(new Command("whoami"))
            .description("print the user's name; states in a folder have no accounts")
            .option("-v, --verbose", "print the organization and the place of the states too")
            .option("-j, --json", "print as JSON")
            .addHelpText("after", example("pulumi-embedded whoami --verbose"))
            .action(invocation.action(async (io, flags: StackFlags) => stackCommands().printIdentity(flags, io))),
    );
    registerCompletionCommand(program, invocation);
    program.hook("preAction", (_program, command) => {
        const { cwd } = command.optsWithGlobals<{ cwd?: string }>();
        if (cwd !== undefined) invocation.io = inFolder(invocation.io, cwd);
    });
    return program;
}

/** Relative paths of a command line start from the folder that `--cwd` names. */
function inFolder(io: CommandIo, name: string): CommandIo {
    const folder = path.resolve(io.cwd, name);
    if (!isFolder(folder))
        throw new UserError(
            "invalid-command",
            "There is no such folder",
            { file: name },
            { cure: "Name an existing folder with --cwd." },
        );
    return { ...io, cwd: folder };
}

/** Options that every command takes. */
function common(command: Command): Command {
    return command
        .option("-C, --cwd <folder>", "run as if started in this folder")
        .option("-s, --stack <name>", "the stack; by default the selected one")
        .option("--non-interactive", "do not ask any questions")
        .addOption(
            new Option("--color <choice>", "color the output")
                .choices(["always", "never", "raw", "auto"])
                .default("auto"),
        );
}

/** Options of every operation about its steps and their display. */
const reported = (command: Command): Command =>
    command
        .option("--diff", "show every property of what changes")
        .option("-p, --parallel <count>", "the number of steps that run at the same time", positiveInteger)
        .option("-m, --message <text>", "a message for the stack's history")
        .option(
            "--event-log <file>",
            "write every event as a line of JSON into a file, or to the service at tcp://host:port",
        )
        .option("--suppress-outputs", "do not show the stack's outputs")
        .option("--suppress-progress", "show plain lines, also on a terminal");

/** Options of every operation that changes the stack. */
const confirmed = (command: Command): Command =>
    command
        .option("-j, --json", "print every event as a line of JSON, in the CLI's schema")
        .option("-y, --yes", "do not ask for confirmation")
        .option("--preview-only", "only preview");

function operationCommand(invocation: Invocation, verb: Verb, description: string, sample: string): Command {
    return reported(common(new Command(verb)))
        .description(description)
        .option(
            "-r, --refresh [choice]",
            "read every resource first (`--refresh=false` overrides `options.refresh` in Pulumi.yaml)",
            trueOrFalse,
        )
        .option("--expect-no-changes", "fail if there are changes")
        .option("--show-sames", "also show resources that stay the same")
        .option("--show-secrets", "show properties that are marked as secret in plain text")
        .option("-t, --target <urn>", "only these resources; `*` and `**` stand for any part of a URN", collected)
        .option("--target-dependents", "also what depends on a target")
        .option("-x, --exclude <urn>", "all resources except these", collected)
        .option("--exclude-dependents", "also exclude what depends on them")
        .option("-c, --config <key=value>", "set configuration before the operation", collected)
        .option("--config-path", "the keys of --config may lead into structured values")
        .addOption(new Option("--exec-kind <kind>", "set by the Automation API").hideHelp())
        .addOption(new Option("--exec-agent <agent>", "set by the Automation API").hideHelp())
        .addHelpText("after", example(`pulumi-embedded ${sample}`))
        .action(
            invocation.action(async (io, flags: OperationFlags) => {
                const { runOperationCommand }: typeof import("./operation-command") = require("./operation-command");
                return await runOperationCommand(verb, flags, io);
            }),
        );
}

function changingCommand(invocation: Invocation, verb: Verb, description: string, sample: string): Command {
    const command = confirmed(operationCommand(invocation, verb, description, sample));
    return command.option("-f, --skip-preview", "do not preview first");
}

/** Options of operations that run the program. */
const replacing = (command: Command): Command =>
    command
        .option("--policy-pack <folder>", "check the resources with the policies of this folder", collected)
        .option(
            "--policy-pack-config <file>",
            "JSON with the configuration of the policy pack at the same position",
            collected,
        )
        .option("--replace <urn>", "replace these resources, even without a change", collected)
        .option("--target-replace <urn>", "--target and --replace in one", collected);

const tolerant = (command: Command): Command =>
    command.option("--continue-on-error", "continue with resources that do not depend on a failed one");

function importCommand(invocation: Invocation): Command {
    return confirmed(reported(common(new Command("import"))))
        .description("adopt existing resources into the stack, and print a program that declares them")
        .argument("[type]", "the resource's type, for instance `bucket-encryption:index:BucketEncryption`")
        .argument("[name]", "its name in the stack")
        .argument("[id]", "its id")
        .option("-f, --file <path>", "a JSON file with a list of resources to import")
        .option("-o, --out <path>", "the file for the printed program")
        .option("--generate-code [choice]", "print a program that declares the resources (default true)", trueOrFalse)
        .option("--protect [choice]", "protect the resources from deletion (default true)", trueOrFalse)
        .option("--parent <name=urn>", "the resource's parent, and its variable in the printed program")
        .option("--provider <name=urn>", "the resource's provider, and its variable in the printed program")
        .option("--properties <names>", "the properties to import, separated by commas; by default all", listed)
        .option("--skip-preview", "do not preview first")
        .addHelpText(
            "after",
            example("pulumi-embedded import bucket-encryption:index:BucketEncryption logs my-logs --yes"),
        )
        .action(
            invocation.action(
                async (
                    io,
                    type: string | undefined,
                    name: string | undefined,
                    id: string | undefined,
                    flags: ImportFlags,
                ) => {
                    const { runImportCommand }: typeof import("./import-command") = require("./import-command");
                    return await runImportCommand([type, name, id], flags, io);
                },
            ),
        );
}

function stackCommand(invocation: Invocation): Command {
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
    add("init", "create a stack and select it", "init dev --yes")
        .aliases(["new", "create", "setup"])
        .argument("[name]")
        .option("--no-select", "do not select it")
        .option("-y, --yes", "create the state folder too, without a question")
        .action(
            invocation.action(async (io, name: string | undefined, flags: StackFlags) =>
                stackCommands().initStack(name, flags, io),
            ),
        );
    add("select", "select the stack that later commands work on", "select dev")
        .argument("[name]")
        .option("-c, --create", "create it if it does not exist")
        .action(
            invocation.action(async (io, name: string | undefined, flags: StackFlags) =>
                stackCommands().selectStack(name, flags, io),
            ),
        );
    add("ls", "list the project's stacks", "ls --json")
        .alias("list")
        .option("-j, --json", "print as JSON")
        .action(invocation.action(async (io, flags: StackFlags) => stackCommands().listStacks(flags, io)));
    add("rename", "give a stack another name", "rename prod")
        .argument("<name>")
        .action(
            invocation.action(async (io, name: string, flags: StackFlags) =>
                stackCommands().renameStack(name, flags, io),
            ),
        );
    add("history", "list the stack's operations, the last one first", "history --json")
        .option("-j, --json", "print as JSON")
        .option("--show-secrets", "print secret configuration in plain text")
        .option("--full-dates", "print full dates, which is the default here")
        .option("--page-size <count>", "how many to print at most", positiveInteger)
        .option("--page <number>", "which of the pages to print", positiveInteger)
        .action(invocation.action(async (io, flags: StackFlags) => stackCommands().printHistory(flags, io)));
    add("rm", "remove a stack, its history and its settings", "rm dev --yes")
        .aliases(["remove", "delete"])
        .argument("[name]")
        .option("-y, --yes", "do not ask for confirmation")
        .option("-f, --force", "also remove a stack with resources, which stay in the cloud")
        .option("--preserve-config", "keep the stack's settings file")
        .option("--remove-backups", "remove the copies of former states too")
        .action(
            invocation.action(async (io, name: string | undefined, flags: StackFlags) =>
                stackCommands().removeStack(name, flags, io),
            ),
        );
    add("output", "print the stack's outputs", "output bucketName")
        .argument("[name]")
        .option("-j, --json", "print as JSON")
        .option("--show-secrets", "print secrets in plain text")
        .action(
            invocation.action(async (io, name: string | undefined, flags: StackFlags) =>
                stackCommands().printOutputs(name, flags, io),
            ),
        );
    add("export", "print the stack's state", "export --file state.json")
        .option("--file <path>", "write to a file instead")
        .option("--show-secrets", "write secrets in plain text")
        .action(invocation.action(async (io, flags: StackFlags) => stackCommands().exportStack(flags, io)));
    add("import", "replace the stack's state by an exported one", "import --file state.json")
        .option("--file <path>", "read from a file instead of standard input")
        .option("-f, --force", "also import the state of another stack")
        .action(invocation.action(async (io, flags: StackFlags) => stackCommands().importStack(flags, io)));
    return stack;
}

function configCommand(invocation: Invocation): Command {
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
    const load = (): typeof import("./config-commands") => require("./config-commands");
    add("set", "set a value; without one it is read from standard input", "set --secret password hunter2")
        .argument("<key>")
        .argument("[value]")
        .option("--path", "the key leads into a structured value: `names[0]`, `parent.child`")
        .option("--secret", "encrypt the value")
        .option("--plaintext", "do not encrypt the value")
        .addOption(
            new Option("--type <type>", "the type of the value in the settings file; text by default")
                .choices(["string", "bool", "int", "float"])
                .conflicts(["secret", "plaintext"]),
        )
        .option("--raw", "keep the line ends of standard input")
        .action(
            invocation.action(async (io, key: string, value: string | undefined, flags: ConfigFlags) =>
                load().setConfig(key, value, flags, io),
            ),
        );
    add("get", "print a value, decrypted", "get region")
        .argument("<key>")
        .option("--path", "the key leads into a structured value")
        .option("-j, --json", "print as JSON")
        .action(invocation.action(async (io, key: string, flags: ConfigFlags) => load().getConfig(key, flags, io)));
    add("set-all", "set several values at once", "set-all --plaintext region=cn-hangzhou --secret password=hunter2")
        .option("--path", "the keys lead into structured values")
        .option("--plaintext <key=value>", "a value that is not encrypted", collected)
        .option("--secret <key=value>", "a value that is encrypted", collected)
        .action(invocation.action(async (io, flags: ConfigListFlags) => load().setAllConfig(flags, io)));
    add("rm", "remove a value", "rm region")
        .aliases(["remove", "delete"])
        .argument("<key>")
        .option("--path", "the key leads into a structured value")
        .action(invocation.action(async (io, key: string, flags: ConfigFlags) => load().removeConfig(key, flags, io)));
    add("rm-all", "remove several values", "rm-all region password")
        .aliases(["remove-all", "delete-all"])
        .argument("<keys...>")
        .option("--path", "the keys lead into structured values")
        .action(invocation.action((io, keys: string[], flags: ConfigFlags) => load().removeAllConfig(keys, flags, io)));
    common(config.enablePositionalOptions())
        .option("-j, --json", "print as JSON")
        .option("--show-secrets", "print secrets in plain text")
        .action(invocation.action(async (io, flags: ConfigFlags) => load().listConfig(flags, io)));
    return config;
}

const example = (line: string): string => `\nExample:\n  $ ${line}`;

const listed = (text: string): readonly string[] => text.split(",");

/** For options that may be given more than once. */
const collected = (text: string, former: readonly string[] = []): readonly string[] => [...former, text];

function positiveInteger(text: string): number {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number from 1 on.");
    return value;
}

function trueOrFalse(text: string): boolean {
    if (text === "true" || text === "false") return text === "true";
    throw new InvalidArgumentError("It is true or false.");
}
