import type { ResourceState } from "../state/resource-state";
import { isProviderType } from "../urn";
import { applyCreate } from "./apply-create";
import { applyDelete } from "./apply-delete";
import { applyImport } from "./apply-import";
import { applyRead } from "./apply-read";
import { applyUpdate } from "./apply-update";
import { applyRefresh } from "./refresh-step";
import type { Step, StepOp } from "./step";
import type { StepContext } from "./step-context";

/**
 * Carries out a step: calls the provider unless it is a preview, fills in the step's new state, and records it.
 * @throws ProviderFailure, UserError
 */
export async function applyStep(step: Step, context: StepContext): Promise<void> {
    await appliers[step.op](step, context);
}

const appliers: Record<StepOp, (step: Step, context: StepContext) => Promise<void>> = {
    same: applySame,
    create: applyCreate,
    "create-replacement": applyCreate,
    update: applyUpdate,
    replace: async () => {},
    delete: applyDelete,
    "delete-replaced": applyDelete,
    discard: applyDelete,
    "discard-replaced": applyDelete,
    "remove-pending-replace": applyDelete,
    read: applyRead,
    "read-replacement": applyRead,
    import: applyImport,
    "import-replacement": applyImport,
    refresh: applyRefresh,
};

async function applySame(step: Step, context: StepContext): Promise<void> {
    if (step.skipped) return;
    const old = step.old as ResourceState;
    const state = step.new as ResourceState;
    state.id = old.id;
    state.outputs = old.outputs;
    if (isProviderType(state.type)) context.providers.keep(state);
    context.recorder.record({ saved: [state], dropped: [old] });
}
