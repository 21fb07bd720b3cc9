import type { Step, StepOp } from "../deployment/step";
import { stepState } from "../deployment/step";

export const providerOf = (step: Step): string => stepState(step).provider;

/** What stands before a resource, two characters wide. */
export const marks: Record<StepOp, string> = {
    same: "  ",
    create: "+ ",
    update: "~ ",
    delete: "- ",
    replace: "+-",
    "create-replacement": "++",
    "delete-replaced": "--",
    read: "> ",
    "read-replacement": ">>",
    discard: "< ",
    "discard-replaced": "<<",
    "remove-pending-replace": "~ ",
    refresh: "~ ",
};

/** A summary's words for what was done. */
export const pastTense: Partial<Record<StepOp, string>> = {
    create: "created",
    update: "updated",
    delete: "deleted",
    replace: "replaced",
    read: "read",
    discard: "discarded",
};

/** The same for what a preview found. */
export const toBeDone: Partial<Record<StepOp, string>> = {
    create: "to create",
    update: "to update",
    delete: "to delete",
    replace: "to replace",
    read: "to read",
    discard: "to discard",
};

/** What runs now, for lines that are shown while it does. */
export const presentTense: Partial<Record<StepOp, string>> = {
    create: "creating",
    update: "updating",
    delete: "deleting",
    replace: "replacing",
    read: "reading",
    discard: "discarding",
    refresh: "refreshing",
};

/** What a refresh that found something is shown as. */
export const shownOp = (step: Step): StepOp => (step.op === "refresh" ? (step.result ?? "refresh") : step.op);
