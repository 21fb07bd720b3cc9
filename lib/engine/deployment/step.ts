import type { ProviderDiff } from "../provider/provider-diff";
import type { ResourceState } from "../state/resource-state";
import { valuesEqual } from "../values/property-value";

/** What a step does, in the CLI's words (pkg/resource/deploy/step.go). */
export type StepOp =
    | "same"
    | "create"
    | "update"
    | "delete"
    | "replace"
    | "create-replacement"
    | "delete-replaced"
    | "read"
    | "read-replacement"
    | "discard"
    | "discard-replaced"
    | "remove-pending-replace"
    | "import"
    | "import-replacement"
    | "refresh";

/** An import that a command asks for, and no program (pkg/resource/deploy/step.go, ImportStep, `planned`). */
export interface PlannedImport {
    /** Why it cannot be done. */
    readonly refusal: string | undefined;
    /** The inputs to keep; empty for all. */
    readonly properties: readonly string[];
}

/** One step of a deployment. `old` is the present state, `new` the state after the step; a step fills in `new` while it runs. */
export interface Step {
    readonly op: StepOp;
    readonly urn: string;
    readonly type: string;
    readonly old?: ResourceState | undefined;
    /** Undefined for deletes, and for a resource that a refresh does not find. */
    new?: ResourceState | undefined;
    /** The properties because of which a resource is replaced. */
    readonly replaceKeys?: readonly string[] | undefined;
    /** The properties that changed, when that is known. */
    readonly changedKeys?: readonly string[] | undefined;
    /** How each property differs, by its path, when that is known. */
    detailedDiff?: ProviderDiff["detailed"];
    readonly ignoreChanges?: readonly string[] | undefined;
    /** create-replacement: the old one is deleted at the end; delete-replaced: the new one is created afterwards. */
    readonly deferred?: boolean;
    /** same: out of scope and not created; it does not enter the state. */
    readonly skipped?: boolean;
    /** import: by a command, not by a declaration; the step itself reads the resource. */
    readonly planned?: PlannedImport;
    /** refresh: how the resource differs from the state. */
    result?: "same" | "update" | "delete";
    /** refresh: an update or a destroy follows and acts on the difference. Only its steps are counted. */
    readonly preliminary?: boolean;
}

/**
 * The operation that a finished step counts as in a summary. Parts of a replacement do not count, nor do reads without a difference.
 */
export function countedOp(step: Step): StepOp | undefined {
    switch (step.op) {
        case "create-replacement":
        case "delete-replaced":
        case "discard-replaced":
        case "read-replacement":
        case "remove-pending-replace":
        case "import-replacement":
            return undefined;
        case "refresh":
            return step.preliminary ? undefined : step.result;
        case "read":
            return step.old !== undefined && !valuesEqual(step.old.outputs, step.new?.outputs) ? "read" : undefined;
        default:
            return step.op;
    }
}

/** Whether a step is a part of a replacement, which is shown as one step. */
export const isReplacementPart = (op: StepOp): boolean =>
    [
        "create-replacement",
        "delete-replaced",
        "discard-replaced",
        "read-replacement",
        "remove-pending-replace",
        "import-replacement",
    ].includes(op);

/** Whether a step changes the protection of a resource. */
export const changesProtection = ({ old, new: state }: Step): boolean =>
    old !== undefined && state !== undefined && old.protect !== state.protect;

export const stepState = (step: Step): ResourceState => (step.new ?? step.old) as ResourceState;
