import type { ErrorDescription } from "./error-description";

/** What can go wrong when many stacks are rolled out in waves. */
export const rolloutErrors = {
    "rollout-file-unreadable": {
        meaning: "The rollout file cannot be read. Nothing was started.",
        cure: "Give the path of a rollout file that you may read. docs/rollout.md shows how to write one.",
    },
    "invalid-rollout-file": {
        meaning: "The rollout file has faults. Nothing was started.",
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
    "no-rollout-to-abort": {
        meaning: "No rollout of this file is open.",
        cure: "Nothing needs to be done. `bucket-encryption rollout status` shows the last rollout.",
    },
    "rollout-running": {
        meaning: "Another process runs the same rollout.",
        cure: "Wait until it ends. `bucket-encryption rollout status` shows its progress, and `bucket-encryption rollout abort` ends it after the stacks that it is deploying.",
    },
    "rollout-lock-unreadable": {
        meaning: "A lock file of a rollout is damaged, so its holder is unknown. Nothing was started.",
        cure: "Make sure that no other process runs this rollout. Then delete the file that the message names, and try again.",
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
    "rollout-confirmation-required": {
        meaning: "The command asks before it deploys. There is no terminal to ask on, and `--yes` was not given.",
        cure: "Look at the plan with `bucket-encryption rollout status`, then give the command with `--yes`.",
    },
    "too-many-rollout-jobs": {
        meaning: "A CI system cannot hold as many jobs as the rollout has stacks.",
        cure: "Divide the rollout file, or make the jobs from the output of `--matrix json`.",
    },
    "engine-unavailable": {
        meaning: "The requested engine is not available.",
        cure: "Install the pulumi CLI and the package `@pulumi/pulumi`, or use `--engine embedded`.",
    },
    "invalid-temporal-settings": {
        meaning: "The settings of Temporal are missing or not valid. Nothing was started.",
        cure: "Set TEMPORAL_ADDRESS (and TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*), or name a profile of temporal.toml in TEMPORAL_PROFILE.",
    },
    "temporal-not-reached": {
        meaning: "The Temporal server cannot be reached, or it refused a request.",
        cure: "Check address, namespace, TLS and API key, and that the server runs. A rollout that was started continues when the server is back.",
    },
    "shared-place-failed": {
        meaning: "The shared place of a rollout on Temporal cannot be read or written.",
        cure: "Check that the folder exists on this machine, is writable, and has room. A worker tries again; so does `bucket-encryption rollout resume`.",
    },
    "cache-folder-not-usable": {
        meaning:
            "The folder in which a worker on Temporal keeps the bundle of the workflows cannot be found or written.",
        cure: "Set XDG_CACHE_HOME to a folder that you may write to, by its absolute path.",
    },
    "invalid-payload-codec": {
        meaning: "The payload codec that the rollout file names cannot be used. Nothing was started.",
        cure: "Export a list `payloadCodecs` of objects with the methods `encode` and `decode`; docs/rollout-temporal.md has an example.",
    },
    "invalid-rollout-report": {
        meaning:
            "The file is not a result of `bucket-encryption rollout run --stack`, or belongs to another plan than the other results.",
        cure: "Pass the JSON files that the jobs of one plan wrote.",
    },
} as const satisfies Record<string, ErrorDescription>;
