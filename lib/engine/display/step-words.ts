import { isReplacementPart, type Step, type StepOp, stepState } from "../deployment/step";
import { isDefaultProvider, isProviderType } from "../urn";
import { detailedNames } from "./detailed-diff";
import { changedNames } from "./property-text";

export const providerOf = (step: Step): string => stepState(step).provider;

/** The mark before a resource, two characters wide. */
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
    import: "= ",
    "import-replacement": "=>",
    refresh: "~ ",
};

/** The words of a summary, by step. */
export const pastTense: Partial<Record<StepOp, string>> = {
    create: "created",
    update: "updated",
    delete: "deleted",
    replace: "replaced",
    read: "read",
    discard: "discarded",
    import: "imported",
};

/** The words of a preview's summary, by step. */
export const toBeDone: Partial<Record<StepOp, string>> = {
    create: "to create",
    update: "to update",
    delete: "to delete",
    replace: "to replace",
    read: "to read",
    discard: "to discard",
    import: "to import",
};

/** The words for a running step. */
export const presentTense: Partial<Record<StepOp, string>> = {
    create: "creating",
    update: "updating",
    delete: "deleting",
    replace: "replacing",
    read: "reading",
    discard: "discarding",
    import: "importing",
    refresh: "refreshing",
};

/**
 * The operation that people see. A refresh is shown as its effect on the state. Before an update or a destroy it is shown as a refresh,
 * since the steps that follow show what is done to the resource (pkg/engine/update.go, OnResourceStepPost).
 */
export function shownOp({ op, result, preliminary }: Step): StepOp {
    if (op !== "refresh" || result === undefined) return op;
    return preliminary && result !== "same" ? "refresh" : result;
}

/** How a resource differs from the state, by a refresh before an update or a destroy. Empty when it does not differ. */
export function driftText(step: Step): string {
    if (!step.preliminary || step.result === undefined || step.result === "same") return "";
    if (step.result === "delete") return "no longer exists";
    const names = changedIn(step);
    return names.length === 0 ? "differs from the state" : `differs from the state: ${names.join(",")}`;
}

/** Whether a step is shown. Default providers and the parts of a replacement are not. */
export function isShown({ op, type, urn }: Step): boolean {
    if (isProviderType(type) && isDefaultProvider(urn)) return false;
    return !isReplacementPart(op);
}

/** The names of the properties that cause a step. */
export function changedIn(step: Step): string[] {
    const { op, old, new: state } = step;
    if (old === undefined || state === undefined) return [];
    const isChange = op === "update" || op === "replace" || op === "refresh";
    const names = isChange ? detailedNames(step) : undefined;
    if (names !== undefined && names.length > 0) return names;
    if (op === "update" || op === "replace") return changedNames(old.inputs, state.inputs);
    return op === "refresh" ? changedNames(old.outputs, state.outputs) : [];
}
