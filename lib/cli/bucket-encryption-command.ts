import { Command } from "commander";
import { UserError } from "../errors";
import type { CommandIo } from "./command-io";
import { type Invocation, runCommandLine } from "./command-line";

type Register = (program: Command, invocation: Invocation) => void;

/** Each command by its name. A call loads the command that it names, and help loads all of them. */
const commands: Readonly<Record<string, () => Register>> = {
    "local-cloud": () =>
        (require("./local-cloud-command") as typeof import("./local-cloud-command")).registerLocalCloudCommand,
    "adopt-state": () =>
        (require("./adopt-state-command") as typeof import("./adopt-state-command")).registerAdoptStateCommand,
    review: () => (require("./review-command") as typeof import("./review-command")).registerReviewCommand,
    audit: () => (require("./audit-command") as typeof import("./audit-command")).registerAuditCommand,
    doctor: () => (require("./doctor-command") as typeof import("./doctor-command")).registerDoctorCommand,
    rollout: () => (require("./rollout-command") as typeof import("./rollout-command")).registerRolloutCommand,
    plugin: () => (require("./plugin-command") as typeof import("./plugin-command")).registerPluginCommand,
    completion: () =>
        (require("./completion-command") as typeof import("./completion-command")).registerCompletionCommand,
};

/** The command `bucket-encryption`. @returns the exit status */
export async function bucketEncryption(args: readonly string[], io: CommandIo): Promise<number> {
    const [name = ""] = args;
    const called = Object.hasOwn(commands, name) ? [name] : Object.keys(commands);
    return await runCommandLine((invocation) => buildProgram(called, invocation), args, io);
}

function buildProgram(names: readonly string[], invocation: Invocation): Command {
    const program = new Command("bucket-encryption").description(
        "Default server-side encryption of object-storage buckets: tools around the Pulumi resource",
    );
    for (const name of names) commands[name]?.()(program, invocation);
    return program.hook("preAction", (_, command) => refuseEmptyValues(command));
}

/**
 * An empty value mostly comes from a variable that is not set. Treated as absent, it would choose other credentials or other
 * buckets.
 * @throws UserError `invalid-command` with all of them
 */
function refuseEmptyValues(command: Command): void {
    const empty = command.options.filter((option) => {
        const value: unknown = command.getOptionValue(option.attributeName());
        return value === "" || (Array.isArray(value) && value.includes(""));
    });
    if (empty.length === 0) return;
    throw new UserError("invalid-command", `No value is given for ${empty.map(({ long }) => long).join(", ")}`);
}
