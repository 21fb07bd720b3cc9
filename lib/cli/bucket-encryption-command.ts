import { Command } from "commander";
import { registerAdoptStateCommand } from "./adopt-state-command";
import { registerAuditCommand } from "./audit-command";
import type { CommandIo } from "./command-io";
import { type Invocation, runCommandLine } from "./command-line";
import { registerLocalCloudCommand } from "./local-cloud-command";
import { registerReviewCommand } from "./review-command";
import { registerRolloutCommand } from "./rollout-command";

/** The command `bucket-encryption`. @returns the exit status */
export async function bucketEncryption(args: readonly string[], io: CommandIo): Promise<number> {
    return await runCommandLine(buildProgram, args, io);
}

function buildProgram(invocation: Invocation): Command {
    const program = new Command("bucket-encryption").description(
        "Default server-side encryption of object-storage buckets: tools around the Pulumi resource",
    );
    registerLocalCloudCommand(program, invocation);
    registerAdoptStateCommand(program, invocation);
    registerReviewCommand(program, invocation);
    registerAuditCommand(program, invocation);
    registerRolloutCommand(program, invocation);
    return program;
}
