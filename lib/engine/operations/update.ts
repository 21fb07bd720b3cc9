import type { Program } from "../program/node-program";
import { type EarlyStart, runOperation } from "./operation";
import type { OperationResult } from "./operation-result";
import { type ProgramOptions, programPhase, startProgram } from "./program-phase";
import { refreshPhase } from "./refresh";
import type { StackSession } from "./stack-session";

export interface UpdateOptions extends ProgramOptions {
    /** Read every resource first; by default as `Pulumi.yaml` says. */
    readonly refresh?: boolean | undefined;
}

/** `preview` and `up`: makes the stack what its program declares. */
export async function updateStack(session: StackSession, options: UpdateOptions): Promise<OperationResult> {
    let program: Program | undefined;
    const early = async (start: EarlyStart): Promise<void> => {
        program = await startProgram(session, options, start);
    };
    try {
        return await runOperation(
            "update",
            session,
            options,
            async (operation) => {
                operation.providers.prepare();
                if (options.refresh ?? session.session.project.refreshAlways) {
                    await refreshPhase(operation, true);
                }
                await programPhase(operation, program as Program);
            },
            early,
        );
    } finally {
        await program?.cancel();
    }
}
