import type { ErrorKind } from "../errors";

/** The exit statuses of both commands; those of the pulumi CLI where it has one (pkg/cmd/pulumi/cmd/exit_codes.go). */
export const exitStatus = {
    succeeded: 0,
    failed: 1,
    /** The command line is wrong: standard error says how, and nothing was done. */
    badInvocation: 2,
    /** The gate of `review` or `audit` found what it was told to stop at; the report is written. */
    stoppedByGate: 2,
    stackNotFound: 6,
    /** `--expect-no-changes`, and there are changes. */
    changesNotExpected: 7,
    /** The user was asked and did not confirm. */
    declined: 8,
    /** A signal ended the command: 128 and the number of SIGINT, as in a shell. */
    interrupted: 130,
    /** A defect of this package. */
    internalError: 255,
} as const;

const statusOfKind: Partial<Record<ErrorKind, number>> = {
    "invalid-command": exitStatus.badInvocation,
    "invalid-review-options": exitStatus.badInvocation,
    "confirmation-required": exitStatus.badInvocation,
    "rollout-confirmation-required": exitStatus.badInvocation,
    "stack-not-found": exitStatus.stackNotFound,
};

export const statusOf = (kind: ErrorKind): number => statusOfKind[kind] ?? exitStatus.failed;
