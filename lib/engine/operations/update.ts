import { Aborted } from "../deployment/aborted";
import { Deferred } from "../deployment/deferred";
import { deleteLayers, deleteStep, neededBy } from "../deployment/delete-plan";
import { Registrar } from "../deployment/registrar";
import type { Step } from "../deployment/step";
import { StepGenerator } from "../deployment/step-generator";
import { NodeProgram } from "../program/node-program";
import type { ResourceState } from "../state/resource-state";
import {
    type EarlyStart,
    type Operation,
    type OperationOptions,
    type OperationResult,
    runOperation,
} from "./operation";
import { refreshPhase } from "./refresh";
import type { StackSession } from "./stack-session";

export interface UpdateOptions extends OperationOptions {
    /** Read every resource first; without it, what `Pulumi.yaml` says. */
    readonly refresh?: boolean | undefined;
}

/** `preview` and `up`: makes the stack what its program declares. */
export async function updateStack(session: StackSession, options: UpdateOptions): Promise<OperationResult> {
    let program: NodeProgram | undefined;
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
                    await refreshPhase(operation);
                    operation.log.resetCounts();
                }
                await programPhase(operation, program as NodeProgram);
            },
            early,
        );
    } finally {
        await program?.cancel();
    }
}

async function startProgram(
    session: StackSession,
    options: UpdateOptions,
    { server, config, log }: EarlyStart,
): Promise<NodeProgram> {
    const { project, environment, workingFolder } = session.session;
    return NodeProgram.start({
        project,
        stack: session.stack.name,
        config: await config(),
        address: server.address,
        preview: options.preview,
        parallel: options.parallel,
        workingFolder,
        environment,
        onLine: (line, stream) => log.says(stream === "stdout" ? "info" : "info#err", line),
    });
}

/** Serves the program until it has declared everything, then deletes what it no longer declares. */
async function programPhase(operation: Operation, program: NodeProgram): Promise<void> {
    const { session, executor, log, providers, recorder, server, options } = operation;
    const { project } = session.session;
    const generator = new StepGenerator(
        session.stack.name,
        project.name,
        operation.base,
        options.preview,
        providers,
        log,
    );
    const registrar = new Registrar(generator, executor, recorder, log, operation.config);
    let finishing: Promise<void> | undefined;
    const finish = (): Promise<void> => {
        finishing ??= deleteUndeclared(operation, generator, registrar);
        return finishing;
    };
    const failure = new Deferred<never>();
    server.serve({
        registrar,
        place: project,
        // A program that did its part ends in peace; what went wrong in the deletes is the engine's to tell.
        allDeclared: () => finish().catch(passAborted),
        onFailure: (error) => {
            executor.abort();
            failure.reject(error);
        },
    });
    const aborted = new Promise<undefined>((resolve) => executor.onAbort(() => resolve(undefined)));
    try {
        const end = await Promise.race([program.ended, aborted, failure.promise]);
        if (end !== undefined && !end.succeeded) {
            if (end.message !== undefined) log.says("error", end.message);
            throw new Aborted();
        }
        if (end === undefined) throw new Aborted();
        await finish();
    } catch (error) {
        executor.abort();
        throw error;
    } finally {
        await registrar.settled();
        await executor.idle();
        registrar.settleStackOutputs(executor.isAborted || log.failures > 0);
        operation.outputs = registrar.stackOutputs;
        await program.cancel();
    }
}

function passAborted(error: unknown): void {
    if (!(error instanceof Aborted)) throw error;
}

async function deleteUndeclared(operation: Operation, generator: StepGenerator, registrar: Registrar): Promise<void> {
    await registrar.settled();
    await operation.executor.idle();
    if (operation.executor.isAborted) throw new Aborted();
    const steps = operation.base.flatMap((old): Step[] => {
        if (generator.deletedEarly.has(old))
            return generator.isRegistered(generator.aliases.currentName(old.urn)) ? [] : [deleteStep(old, false)];
        if (old.delete) return [deleteStep(old, true)];
        const isDeclared = generator.isRegistered(old.urn) || generator.aliases.isRenamed(old.urn);
        return isDeclared ? [] : [deleteStep(old, false)];
    });
    await deletePhase(operation, steps);
}

/**
 * Deletes in layers: dependents before what they depend on. Protected resources fail, and what they depend on stays with them; the
 * others go (step.go, deleteProtectedError).
 */
export async function deletePhase(operation: Operation, steps: readonly Step[]): Promise<void> {
    const { executor, context, base } = operation;
    const staying = steps
        .filter(({ op, old }) => op === "delete" && old?.protect)
        .map(({ old }) => old as ResourceState);
    const kept = neededBy(staying, base);
    const going = steps.filter(({ old }) => !kept.has(old as ResourceState));
    for (const { op, urn, old } of going) if (op === "delete" && !old?.protect) context.deleting.add(urn);
    for (const layer of deleteLayers(going, base)) await executor.runAll(layer, { goOnAfterFailure: false });
    if (staying.length > 0) throw new Aborted();
}

/** `refresh`: lets the state take what is really there. */
export async function refreshStack(session: StackSession, options: OperationOptions): Promise<OperationResult> {
    return await runOperation("refresh", session, options, refreshPhase);
}

/** `destroy`: deletes everything that the stack has. */
export async function destroyStack(session: StackSession, options: UpdateOptions): Promise<OperationResult> {
    return await runOperation("destroy", session, options, async (operation) => {
        if (options.refresh ?? session.session.project.refreshAlways) {
            await refreshPhase(operation);
            operation.log.resetCounts();
        }
        await deletePhase(
            operation,
            operation.base.map((old) => deleteStep(old, old.delete)),
        );
    });
}
