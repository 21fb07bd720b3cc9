import type { ErrorDescription } from "./error-description";

/** What can go wrong when many stacks are rolled out in waves. */
export const rolloutErrors = {
    "invalid-rollout-file": {
        meaning: "The rollout file cannot be read or has faults. Nothing was started.",
        cure: "Correct each place that the message names by line and column. The published schema shows the same faults in an editor.",
    },
    "invalid-rollout-plan": {
        meaning:
            "The plan of a rollout does not exist, is not a plan, or was made from a different rollout file. Nothing was started.",
        cure: "Make a new plan with `bucket-encryption rollout plan`, and check it before you run it.",
    },
    "rollout-unfinished": {
        meaning: "An earlier rollout of the same file was started and neither completed nor aborted.",
        cure: "Continue it with `bucket-encryption rollout resume`, or end it with `bucket-encryption rollout abort --reason TEXT`.",
    },
    "rollout-not-begun": {
        meaning: "No rollout of this file is in progress.",
        cure: "Make a plan with `bucket-encryption rollout plan`, and start it with `bucket-encryption rollout run`.",
    },
    "rollout-running": {
        meaning: "Another process runs the same rollout.",
        cure: "Wait until it ends. `bucket-encryption rollout status` shows its progress, and `bucket-encryption rollout abort` ends it after the stacks that it is deploying.",
    },
    "rollout-journal-damaged": {
        meaning: "The journal of a rollout cannot be read or holds invalid records.",
        cure: "Restore the file from a backup, or move its folder away and make a new plan, which finds out what was deployed.",
    },
    "rollout-not-recorded": {
        meaning:
            "The plan, lock or journal of a rollout cannot be written, for instance because the disk is full. No further stack was started.",
        cure: "Free space on the disk, or make the folder writable. Then run the command again, or continue a started rollout with `bucket-encryption rollout resume`.",
    },
    "unknown-rollout-stack": {
        meaning: "The rollout has no stack or wave of this name.",
        cure: "Use a name from the rollout file.",
    },
    "engine-unavailable": {
        meaning: "The requested engine is not available.",
        cure: "Install the pulumi CLI and the package `@pulumi/pulumi`, or use `--engine embedded`.",
    },
    "invalid-rollout-report": {
        meaning:
            "The file is not a result of `bucket-encryption rollout run --stack`, or belongs to another plan than the other results.",
        cure: "Pass the JSON files that the jobs of one plan wrote.",
    },
} as const satisfies Record<string, ErrorDescription>;
