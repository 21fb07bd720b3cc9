import type { ErrorKind } from "../errors";

/**
 * The exit statuses of both commands: each has one meaning in all of them. 6, 7, 8 and 255 are those of the pulumi CLI
 * (pkg/cmd/pulumi/cmd/exit_codes.go), 64 is EX_USAGE of sysexits.h.
 */
export const exitStatus = {
    succeeded: 0,
    failed: 1,
    stoppedByGate: 2,
    stackNotFound: 6,
    changesNotExpected: 7,
    declined: 8,
    badInvocation: 64,
    interrupted: 130,
    internalError: 255,
} as const;

/** The meaning of each status, as in `docs/exit-statuses.md`. */
export const exitStatusMeanings: Readonly<Record<keyof typeof exitStatus, string>> = {
    succeeded: "The command did what it was asked, and no gate stopped it.",
    failed: "Something failed, or could not be read or written. Standard error has the reasons.",
    stoppedByGate: "A gate stopped: the report is complete and contains what an option told the command to stop at.",
    stackNotFound: "There is no such stack, or no stack is selected.",
    changesNotExpected: "`--expect-no-changes` was given, and there are changes.",
    declined: "A person was asked and has not confirmed, or a rollout waits for a person.",
    badInvocation: "The command line is wrong, or a confirmation is needed and cannot be asked for. Nothing was done.",
    interrupted: "A signal ended the command: 128 and the number of SIGINT, as in a shell.",
    internalError: "A defect of this package. Please report it with the printed lines.",
};

/** The kinds of errors that do not end with `failed`. */
export const statusOfKind: Partial<Record<ErrorKind, number>> = {
    "invalid-command": exitStatus.badInvocation,
    "invalid-review-options": exitStatus.badInvocation,
    "confirmation-required": exitStatus.badInvocation,
    "rollout-confirmation-required": exitStatus.badInvocation,
    "stack-not-found": exitStatus.stackNotFound,
};

export const statusOf = (kind: ErrorKind): number => statusOfKind[kind] ?? exitStatus.failed;
