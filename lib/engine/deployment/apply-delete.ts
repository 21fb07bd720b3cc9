import { UserError } from "../../errors";
import { shellWord } from "../../text";
import type { ResourceState } from "../state/resource-state";
import { isProviderType } from "../urn";
import type { HookCall } from "./resource-hooks";
import type { Step } from "./step";
import type { StepContext } from "./step-context";

/** Deletes a resource, or only drops it from the state. */
export async function applyDelete(step: Step, context: StepContext): Promise<void> {
    const old = step.old as ResourceState;
    const call: HookCall = { state: old, old, new: undefined };
    if (step.op !== "remove-pending-replace") await context.hooks.before("BeforeDelete", call);
    if (step.op === "delete" && old.protect) {
        // The words of the CLI (pkg/resource/deploy/step.go, deleteProtectedError).
        const cure = `To unprotect the resource, either remove the \`protect\` flag from the resource in your Pulumi program and run \`up\`, or use the command:\n\`pulumi state unprotect ${shellWord(old.urn)}\`.`;
        const what = `resource "${old.urn}" cannot be deleted\nbecause it is protected`;
        throw new UserError("resource-protected", what, {}, { cure });
    }
    if (context.preview) {
        if (step.op !== "remove-pending-replace") await context.hooks.after("AfterDelete", call);
        return;
    }
    if (step.op === "remove-pending-replace") {
        context.recorder.record({ dropped: [old] });
        return;
    }
    const end = context.recorder.begin("deleting", old);
    try {
        if (needsDeleteCall(old, context)) {
            const provider = await context.providers.load(old.provider);
            const timeout = old.customTimeouts.delete ?? 0;
            await context.hooks.retrying("delete", call, () => provider.delete(old, old, timeout));
        }
    } catch (error) {
        await end();
        throw error;
    }
    if (step.deferred) {
        old.pendingReplacement = true;
        await end({ saved: [old] });
    } else await end({ dropped: [old] });
    await context.hooks.after("AfterDelete", call);
}

function needsDeleteCall(old: ResourceState, { deleting }: StepContext): boolean {
    return (
        old.custom &&
        !isProviderType(old.type) &&
        !old.external &&
        !old.retainOnDelete &&
        !deleting.has(old.deletedWith)
    );
}
