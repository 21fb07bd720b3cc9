import { type Command, InvalidArgumentError, Option } from "commander";
import type { Invocation } from "./command-line";
import { engineCommand } from "./engine-command";
import type { OperationCommand, OperationFlags } from "./operation-actions";
import { collected, wholeNumber } from "./option-values";

/** The commands that run an operation of the engine. */
export function operationCommands(invocation: Invocation): readonly Command[] {
    const preview = replacing(operationCommand(invocation, "preview", "show what `up` would change", "preview --diff"))
        .alias("pre")
        .option("-j, --json", "print the preview as JSON, in the CLI's schema");
    const upText = "deploy what the stack's program declares";
    const up = tolerant(
        replacing(changingCommand(invocation, "up", upText, "up --yes --skip-preview")).alias("update"),
    );
    const refreshText = "update the state to match the resources";
    const refresh = changingCommand(invocation, "refresh", refreshText, "refresh --yes").option(
        "--clear-pending-creates",
        "drop pending creations of interrupted operations from the state",
    );
    const destroyText = "delete all resources of the stack";
    const destroy = tolerant(changingCommand(invocation, "destroy", destroyText, "destroy --yes"))
        .alias("down")
        .alias("dn")
        .option(
            "--run-program [choice]",
            "run the program too, for its delete hooks and the configuration of its providers",
            trueOrFalse,
        )
        .option("--exclude-protected", "keep protected resources and what they need")
        .option("--remove", "remove the stack and its settings too, when no resource is left");
    return [preview, up, refresh, destroy, importCommand(invocation)];
}

/** Options of every operation about its steps and their display. */
const reported = (command: Command): Command =>
    command
        .option("--diff", "show every property of what changes")
        .option("-p, --parallel <count>", "the number of steps that run at the same time", wholeNumber(1))
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

function operationCommand(
    { action }: Invocation,
    name: OperationCommand,
    description: string,
    sample: string,
): Command {
    return reported(engineCommand(name, description, sample))
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
        .action(
            action(async (io, flags: OperationFlags) => {
                const { runOperation }: typeof import("./operation-actions") = require("./operation-actions");
                return await runOperation(io, name, flags);
            }),
        );
}

function changingCommand(invocation: Invocation, name: OperationCommand, description: string, sample: string): Command {
    const command = confirmed(operationCommand(invocation, name, description, sample));
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

function importCommand({ lazyAction }: Invocation): Command {
    const description = "adopt existing resources into the stack, and print a program that declares them";
    const sample = "import bucket-encryption:index:BucketEncryption logs my-logs --yes";
    return confirmed(reported(engineCommand("import", description, sample)))
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
        .action(
            lazyAction(() => {
                const { runImport }: typeof import("./import-actions") = require("./import-actions");
                return runImport;
            }),
        );
}

const listed = (text: string): readonly string[] => text.split(",");

function trueOrFalse(text: string): boolean {
    if (text === "true" || text === "false") return text === "true";
    throw new InvalidArgumentError("It is true or false.");
}
