import type { Program } from "../program/node-program";
import { dynamicPackage } from "../provider/provider-registry";
import { isProviderType, packageOfType } from "../urn";
import { type Operation, runOperation } from "./operation";
import type { OperationResult } from "./operation-result";
import { type ProgramOptions, programPhase, startProgram } from "./program-phase";
import { refreshBefore } from "./refresh";
import type { StackSession } from "./stack-session";

export interface UpdateOptions extends ProgramOptions {
    /** Read every resource first; by default as `Pulumi.yaml` says. */
    readonly refresh?: boolean | undefined;
}

/** `preview` and `up`: makes the stack what its program declares. */
export async function updateStack(session: StackSession, options: UpdateOptions): Promise<OperationResult> {
    return await runOperation(
        "update",
        session,
        options,
        async (operation, program) => {
            if (mayBeDynamic(operation)) operation.providers.prepare();
            await refreshBefore(operation, options.refresh ?? session.session.project.refreshAlways);
            await programPhase(operation, program as Program);
        },
        (early) => startProgram(session, options, early),
    );
}

/** Whether the program may declare dynamic resources: the state has some, or tells nothing in a project without plugins. */
function mayBeDynamic({ base, session }: Operation): boolean {
    const providers = base.filter(({ type }) => isProviderType(type));
    if (providers.length > 0) return providers.some(({ type }) => packageOfType(type) === dynamicPackage);
    return session.session.project.plugins.length === 0;
}
