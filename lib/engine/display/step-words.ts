import { isReplacementPart, type Step, type StepOp, stepState } from "../deployment/step";
import { isDefaultProvider, isProviderType } from "../urn";
import { changedNames } from "./property-text";

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

/**
 * The operation that people see. A refresh is shown as what it does to the state; before an update or a destroy it stays a refresh,
 * since what is done to the resource is shown with the steps that follow (pkg/engine/update.go, OnResourceStepPost).
 */
export function shownOp({ op, result, preliminary }: Step): StepOp {
    if (op !== "refresh" || result === undefined) return op;
    return preliminary && result !== "same" ? "refresh" : result;
}

/** How a resource differs from the state, as a refresh before an update or a destroy found; empty when it doesn't. */
export function driftText(step: Step): string {
    if (!step.preliminary || step.result === undefined || step.result === "same") return "";
    if (step.result === "delete") return "no longer exists";
    const names = changedIn(step);
    return names.length === 0 ? "differs from the state" : `differs from the state: ${names.join(",")}`;
}

/** Whether people are to see a step: default providers and the parts of a replacement say nothing to them. */
export function isShown({ op, type, urn }: Step): boolean {
    if (isProviderType(type) && isDefaultProvider(urn)) return false;
    return !isReplacementPart(op);
}

/** The names of the properties because of which a step is made. */
export function changedIn({ op, old, new: state }: Step): string[] {
    if (old === undefined || state === undefined) return [];
    if (op === "update" || op === "replace") return changedNames(old.inputs, state.inputs);
    return op === "refresh" ? changedNames(old.outputs, state.outputs) : [];
}
