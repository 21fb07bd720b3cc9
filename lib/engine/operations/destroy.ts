import { Aborted } from "../deployment/aborted";
import { deletePhase } from "./delete-phase";
import { refuseUnknownNames } from "./named-resources";
import { type Operation, runOperation } from "./operation";
import type { OperationResult } from "./operation-result";
import { type ProgramOptions, programPhase, startProgram } from "./program-phase";
import { refreshBefore } from "./refresh";
import type { StackSession } from "./stack-session";

export interface DestroyOptions extends ProgramOptions {
    /** Read every resource first; by default as `Pulumi.yaml` says. */
    readonly refresh?: boolean | undefined;
    /** Run the program too, for its delete hooks and the configuration of its providers. */
    readonly runProgram?: boolean | undefined;
}

/** `destroy`: deletes all resources of the stack. */
export async function destroyStack(session: StackSession, options: DestroyOptions): Promise<OperationResult> {
    refuseUnknownNames(session, options);
    return await runOperation(
        "destroy",
        session,
        options,
        async (operation, program) => {
            if (program === undefined) refuseDeleteHooks(operation);
            await refreshBefore(operation, options.refresh ?? session.session.project.refreshAlways);
            if (program === undefined) await deletePhase(operation, operation.base);
            else await programPhase(operation, program, true);
        },
        async (early) => (options.runProgram ? await startProgram(session, options, early) : undefined),
    );
}

/** Hooks cannot run without the program (pkg/engine/destroy.go, newDestroySource). */
function refuseDeleteHooks({ base, log }: Operation): void {
    const hooked = base.flatMap(({ urn, resourceHooks: { BeforeDelete = [], AfterDelete = [] } }) =>
        BeforeDelete.length + AfterDelete.length === 0 ? [] : [{ urn, names: [...BeforeDelete, ...AfterDelete] }],
    );
    for (const { urn, names } of hooked)
        log.says(
            "error",
            `Resource has delete hooks registered, but the program is not running. Hooks: ${names.join(", ")}`,
            urn,
        );
    if (hooked.length === 0) return;
    log.says("error", "You must run with the `--run-program` flag to use delete hooks during destroy.");
    throw new Aborted();
}
