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
    | "refresh";

/** One step of a deployment. `old` is what the state holds, `new` what it will hold; a step fills in `new` while it runs. */
export interface Step {
    readonly op: StepOp;
    readonly urn: string;
    readonly type: string;
    readonly old?: ResourceState | undefined;
    /** Undefined for deletes, and after a refresh found nothing. */
    new?: ResourceState | undefined;
    /** The properties because of which a resource is replaced. */
    readonly replaceKeys?: readonly string[] | undefined;
    /** The properties that changed, when that is known. */
    readonly changedKeys?: readonly string[] | undefined;
    readonly ignoreChanges?: readonly string[] | undefined;
    /** create-replacement: the old one is deleted at the end; delete-replaced: the new one is created afterwards. */
    readonly deferred?: boolean;
    /** same: not created, since it isn't what the operation is about; the state doesn't get it. */
    readonly skipped?: boolean;
    /** refresh: how the resource differs from the state. */
    result?: "same" | "update" | "delete";
    /** refresh: an update or a destroy follows, which acts on what was found. Only that is counted as something done. */
    readonly preliminary?: boolean;
}

/**
 * What a step that has ended counts as in a summary; steps that are only a part of a replacement, or of no interest to people, don't
 * count, nor do reads that found nothing new.
 */
export function countedAs(step: Step): StepOp | undefined {
    switch (step.op) {
        case "create-replacement":
        case "delete-replaced":
        case "discard-replaced":
        case "read-replacement":
        case "remove-pending-replace":
            return undefined;
        case "refresh":
            return step.preliminary ? undefined : step.result;
        case "read":
            return step.old !== undefined && !valuesEqual(step.old.outputs, step.new?.outputs) ? "read" : undefined;
        default:
            return step.op;
    }
}

/** Whether a step is one of those that a replacement, which is shown as a whole, consists of. */
export const isReplacementPart = (op: StepOp): boolean =>
    [
        "create-replacement",
        "delete-replaced",
        "discard-replaced",
        "read-replacement",
        "remove-pending-replace",
    ].includes(op);

/** Whether a step that changes nothing else turns the protection of a resource on or off. */
export const changesProtection = ({ old, new: state }: Step): boolean =>
    old !== undefined && state !== undefined && old.protect !== state.protect;

export const stepState = (step: Step): ResourceState => (step.new ?? step.old) as ResourceState;
