#!/usr/bin/env node
import { Command } from "commander";
import { registerAdoptStateCommand } from "./adopt-state-command";
import { registerAuditCommand } from "./audit-command";
import { registerLocalCloudCommand } from "./local-cloud-command";
import { registerReviewCommand } from "./review-command";
import { registerRolloutCommand } from "./rollout-command";

const program = new Command("bucket-encryption").description(
    "Default server-side encryption of object-storage buckets: tools around the Pulumi resource",
);
registerLocalCloudCommand(program);
registerAdoptStateCommand(program);
registerReviewCommand(program);
registerAuditCommand(program);
registerRolloutCommand(program);
program.parseAsync();
