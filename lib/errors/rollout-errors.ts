import type { ErrorDescription } from "./error-description";

/** What can go wrong when many stacks are rolled out in waves. */
export const rolloutErrors = {
    "invalid-rollout-file": {
        meaning: "The rollout file has faults. Nothing was started.",
        cure: "Correct every place that the message lists by line and column; the published schema shows them in an editor.",
    },
    "invalid-rollout-plan": {
        meaning:
            "The plan of a rollout isn't there, isn't one, or was made from a rollout file with another content. Nothing was started.",
        cure: "Make a new plan with `bucket-encryption rollout plan`, and look at it before it is run.",
    },
    "rollout-unfinished": {
        meaning: "An earlier rollout from the same file was begun and neither completed nor aborted.",
        cure: "Go on with `bucket-encryption rollout resume`, or end it for good with `bucket-encryption rollout abort --reason TEXT`.",
    },
    "rollout-not-begun": {
        meaning: "No rollout was begun from this file, or the one that was is over.",
        cure: "Make a plan with `bucket-encryption rollout plan`, and begin with `bucket-encryption rollout run`.",
    },
    "rollout-running": {
        meaning: "Another process works on the same rollout.",
        cure: "Wait until it has ended; `bucket-encryption rollout status` shows how far it is, and `bucket-encryption rollout abort` ends it after the stacks that it is at.",
    },
    "rollout-journal-damaged": {
        meaning: "The journal of a rollout can't be read, or holds something else than its records.",
        cure: "Put the file back from a backup; or move its folder away and make a new plan, which finds out what was done.",
    },
    "rollout-not-recorded": {
        meaning:
            "A rollout's plan, lock or journal can't be written, for instance because the disk is full. No further stack was begun.",
        cure: "Make room on the disk, or see to it that the folder may be written; then give the command again, or go on with `bucket-encryption rollout resume` if the rollout was begun.",
    },
    "unknown-rollout-stack": {
        meaning: "The rollout has no stack or wave of this name.",
        cure: "Give a name as it stands in the rollout file.",
    },
    "engine-unavailable": {
        meaning: "The engine that was asked for isn't there.",
        cure: "Install the pulumi CLI and the package `@pulumi/pulumi`, or use `--engine embedded`.",
    },
    "invalid-rollout-report": {
        meaning:
            "A file isn't a result of `bucket-encryption rollout run --stack`, or comes from another plan than the others.",
        cure: "Give the JSON files that the jobs of one plan have written.",
    },
} as const satisfies Record<string, ErrorDescription>;
