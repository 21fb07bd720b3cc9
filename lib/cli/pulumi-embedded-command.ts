import path from "node:path";
import { Command } from "commander";
import { UserError } from "../errors";
import type { CommandIo } from "./command-io";
import { type Invocation, runCommandLine } from "./command-line";
import { registerCompletionCommand } from "./completion-command";
import { configCommand } from "./config-command";
import { engineCommand, engineExample } from "./engine-command";
import { operationCommands } from "./operation-command";
import { stackCommand } from "./stack-command";

const unknownHint =
    "What the pulumi CLI has beyond `pulumi-embedded --help` is not supported here; use the pulumi CLI for it.";

/** The command `pulumi-embedded`. @returns the exit status, as the pulumi CLI has it */
export async function pulumiEmbedded(args: readonly string[], io: CommandIo): Promise<number> {
    return await runCommandLine(buildProgram, args, io, unknownHint);
}

// Loaded when a command is called.
const stackActions = (): typeof import("./stack-actions") => require("./stack-actions");

function buildProgram(invocation: Invocation): Command {
    const { action, lazyAction } = invocation;
    const program = new Command("pulumi-embedded")
        .description(
            "A Pulumi engine in one Node process, for stacks of dynamic resources written for Node.\nCommands, flags, state files and behaviour are those of the pulumi CLI 3.247; missing ones are refused by name.",
        )
        // `config` and `config set` both take --stack: what follows `set` belongs to `set`.
        .enablePositionalOptions()
        .addHelpText("after", engineExample("stack init dev --yes && pulumi-embedded up --yes"));
    for (const command of operationCommands(invocation)) program.addCommand(command);
    program.addCommand(stackCommand(invocation));
    program.addCommand(
        engineCommand("cancel", "remove the locks that a killed operation left on a stack", "cancel dev --yes")
            .argument("[name]")
            .option("-y, --yes", "do not ask for confirmation")
            .action(lazyAction(() => stackActions().cancelOperation)),
    );
    program.addCommand(configCommand(invocation));
    program.addCommand(
        new Command("version")
            .description("print the version of the pulumi CLI that this engine follows")
            .addHelpText("after", engineExample("version"))
            .action(
                action((io) => {
                    const { engineVersion }: typeof import("../engine") = require("../engine");
                    io.stdout.write(`${engineVersion}\n`);
                }),
            ),
    );
    program.addCommand(
        engineCommand("whoami", "print the user's name; states in a folder have no accounts", "whoami --verbose")
            .option("-v, --verbose", "print the organization and the place of the states too")
            .option("-j, --json", "print as JSON")
            .action(lazyAction(() => stackActions().printIdentity)),
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
    // Loaded for this option only.
    const { isFolder }: typeof import("../files") = require("../files");
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
