import { Aborted } from "../deployment/aborted";
import { Deferred } from "../deployment/deferred";
import { Registrar } from "../deployment/registrar";
import { projectProgram } from "../in-process/project-program";
import { PolicyGuard } from "../policy/policy-guard";
import { PolicyPack, type PolicyPlace } from "../policy/policy-pack";
import { InlineProgram, type ProgramFunction } from "../program/inline-program";
import { NodeProgram, type Program, type ProgramSettings } from "../program/node-program";
import { buildUrn, stackType } from "../urn";
import { deleteUndeclared } from "./delete-phase";
import { type EarlyStart, type Operation, type OperationOptions, stepGenerator } from "./operation";
import { unknownTargetText } from "./refresh";
import type { StackSession } from "./stack-session";

export interface ProgramOptions extends OperationOptions {
    /** Run in this process in place of the project's program. */
    readonly program?: ProgramFunction | undefined;
}

/** Starts a stack's program; it waits until it is served. */
export async function startProgram(
    session: StackSession,
    options: ProgramOptions,
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
    const program = options.program ?? (options.inProcess ? projectProgram(settings) : undefined);
    return program === undefined ? NodeProgram.start(settings) : InlineProgram.start(settings, program);
}

/** Serves the program until it has declared everything, then deletes what it no longer declares. */
export async function programPhase(operation: Operation, program: Program, destroys = false): Promise<void> {
    const policies = await startPolicies(operation);
    operation.log.policyPacks = policies.versions;
    try {
        await runProgram(operation, program, policies, destroys);
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

async function runProgram(
    operation: Operation,
    program: Program,
    policies: PolicyGuard,
    destroys: boolean,
): Promise<void> {
    const { session, executor, log, server, options } = operation;
    const { project } = session.session;
    const generator = stepGenerator(operation, policies, destroys);
    refuseUnknownReplacements(operation);
    const { hooks } = operation.context;
    const registrar = new Registrar({ ...operation, generator, hooks });
    let finishing: Promise<void> | undefined;
    const finish = (): Promise<void> => {
        finishing ??= deleteUndeclared(operation, generator, registrar);
        return finishing;
    };
    const failure = new Deferred<never>();
    server.serve({
        registrar,
        hooks,
        place: project,
        isPreview: options.preview,
        idle: () => executor.idle(),
        // The program ended well. The engine reports failed deletes itself.
        allDeclared: () => finish().catch(passAborted),
        onFailure: (error) => {
            // The reason first: the abort ends the same wait and would hide it.
            failure.reject(error);
            executor.abort();
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
        // Its last declarations are only checked. The providers end after that.
        await registrar.settled();
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
