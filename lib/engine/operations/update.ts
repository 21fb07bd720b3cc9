import { UserError } from "../../errors";
import { Aborted } from "../deployment/aborted";
import { Deferred } from "../deployment/deferred";
import { deleteLayers, deleteStep, neededBy } from "../deployment/delete-plan";
import { Registrar } from "../deployment/registrar";
import { StepGenerator } from "../deployment/step-generator";
import { PolicyGuard } from "../policy/policy-guard";
import { PolicyPack, type PolicyPlace } from "../policy/policy-pack";
import { InlineProgram, type ProgramFunction } from "../program/inline-program";
import { NodeProgram, type Program, type ProgramSettings } from "../program/node-program";
import type { ResourceState } from "../state/resource-state";
import { buildUrn, stackType } from "../urn";
import {
    type EarlyStart,
    type Operation,
    type OperationOptions,
    type OperationResult,
    runOperation,
} from "./operation";
import { refreshPhase, unknownTargetText } from "./refresh";
import type { StackSession } from "./stack-session";

export interface UpdateOptions extends OperationOptions {
    /** Read every resource first; without it, what `Pulumi.yaml` says. */
    readonly refresh?: boolean | undefined;
    /** Run in this process in place of the project's program. */
    readonly program?: ProgramFunction | undefined;
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
                    await refreshPhase(operation);
                    operation.log.resetCounts();
                }
                await programPhase(operation, program as Program);
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
): Promise<Program> {
    const { project, environment, workingFolder } = session.session;
    const settings: ProgramSettings = {
        project,
        stack: session.stack.name,
        config: await config(),
        address: server.address,
        preview: options.preview,
        parallel: options.parallel,
        workingFolder,
        environment,
        onLine: (line, stream) => log.says(stream === "stdout" ? "info" : "info#err", line),
    };
    return options.program === undefined ? NodeProgram.start(settings) : InlineProgram.start(settings, options.program);
}

/** Serves the program until it has declared everything, then deletes what it no longer declares. */
async function programPhase(operation: Operation, program: Program): Promise<void> {
    const policies = await startPolicies(operation);
    try {
        await runProgram(operation, program, policies);
    } finally {
        await policies.close();
    }
}

async function startPolicies({ session, server, options, log, config }: Operation): Promise<PolicyGuard> {
    const { project, environment } = session.session;
    const place: PolicyPlace = {
        engineAddress: server.address,
        project: project.name,
        stack: session.stack.name,
        preview: options.preview,
        config,
        environment,
        onLine: (line) => log.says("info", line),
    };
    const starts = await Promise.allSettled(
        (options.policyPacks ?? []).map((source) => PolicyPack.start(source, place)),
    );
    const packs = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
    const guard = new PolicyGuard(packs, log, options.preview);
    const failure = starts.find((start) => start.status === "rejected");
    if (failure === undefined) return guard;
    await guard.close();
    throw failure.reason;
}

async function runProgram(operation: Operation, program: Program, policies: PolicyGuard): Promise<void> {
    const { session, executor, log, providers, recorder, server, options } = operation;
    const { project } = session.session;
    const generator = new StepGenerator(
        session.stack.name,
        project.name,
        operation.base,
        options.preview,
        providers,
        log,
        operation.scope,
        policies,
    );
    refuseUnknownReplacements(operation);
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
        const root = buildUrn(session.stack.name, project.name, "", stackType, `${project.name}-${session.stack.name}`);
        if (log.failures === 0) await policies.inspectStack(generator.analyzed(), root);
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

function refuseUnknownReplacements({ scope, base, log }: Operation): void {
    const known = new Set(base.map(({ urn }) => urn));
    const unknown = scope.unknownReplacements((urn) => known.has(urn));
    for (const urn of unknown) log.faults(unknownTargetText(urn), urn);
    if (unknown.length > 0) throw new Aborted();
}

async function deleteUndeclared(operation: Operation, generator: StepGenerator, registrar: Registrar): Promise<void> {
    const { executor, base, scope, log } = operation;
    await registrar.settled();
    await executor.idle();
    if (executor.isAborted) throw new Aborted();
    const known = new Set(base.map(({ urn }) => urn));
    const unknown = scope.unknownTargets((urn) => known.has(urn) || generator.isRegistered(urn));
    for (const urn of unknown) log.faults(unknownTargetText(urn), urn);
    const undeclared = base.filter((old) => {
        if (generator.deletedEarly.has(old)) return !generator.isRegistered(generator.aliases.currentName(old.urn));
        return old.delete || !(generator.isRegistered(old.urn) || generator.aliases.isRenamed(old.urn));
    });
    await deletePhase(operation, undeclared);
    if (unknown.length > 0) throw new Aborted();
}

/**
 * Deletes in layers: dependents before what they depend on. What the operation isn't about is kept. What can't be deleted, as it is
 * protected or the provider fails and failures are tolerated, stays with everything that it needs (deployment_executor.go,
 * performPostSteps).
 */
async function deletePhase(operation: Operation, unwanted: readonly ResourceState[]): Promise<void> {
    const { executor, context, base, scope, log, options } = operation;
    const isDeletable = scope.deletable(base);
    const steps = unwanted.filter(isDeletable).map((old) => deleteStep(old, old.delete));
    const unnamed = steps.filter(({ urn }) => scope.isUnnamedDelete(urn));
    for (const { urn } of unnamed) {
        const message = `Resource '${urn}' will be destroyed but was not specified in --target list.\nEither include it there or pass --target-dependents to proceed.`;
        log.faults(message, urn);
    }
    if (unnamed.length > 0 && !options.preview) throw new Aborted();
    const kept = unwanted.filter((old) => !isDeletable(old) && !old.delete);
    await executor.run(kept.map((old) => ({ op: "same", urn: old.urn, type: old.type, old, new: { ...old } })));
    for (const { urn } of steps) context.deleting.add(urn);
    for (const layer of deleteLayers(steps, base)) {
        const needed = neededBy(executor.failed, base);
        await executor.runAll(layer.filter(({ old }) => !needed.has(old as ResourceState)));
    }
    if (executor.failed.length > 0) throw new Aborted();
}

/** `refresh`: lets the state take what is really there. */
export async function refreshStack(session: StackSession, options: OperationOptions): Promise<OperationResult> {
    refuseUnknownNames(session, options);
    return await runOperation("refresh", session, options, refreshPhase);
}

/** `destroy`: deletes everything that the stack has. */
export async function destroyStack(session: StackSession, options: UpdateOptions): Promise<OperationResult> {
    refuseUnknownNames(session, options);
    return await runOperation("destroy", session, options, async (operation) => {
        if (options.refresh ?? session.session.project.refreshAlways) {
            await refreshPhase(operation);
            operation.log.resetCounts();
        }
        await deletePhase(operation, operation.base);
    });
}

/** What a command without a program is about has to be in the state. @throws UserError `resource-not-found` */
function refuseUnknownNames(session: StackSession, { scope = {} }: OperationOptions): void {
    const named = [...(scope.target ?? []), ...(scope.exclude ?? [])].filter((urn) => !urn.includes("*"));
    if (named.length === 0) return;
    const known = new Set(session.store.read().deployment?.resources?.map(({ urn }) => urn));
    const unknown = named.find((urn) => !known.has(urn));
    if (unknown !== undefined) throw new UserError("resource-not-found", `no resource named '${unknown}' found`);
}
