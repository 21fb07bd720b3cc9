import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { UserError } from "../../errors";
import { Aborted } from "../deployment/aborted";
import { DeploymentLog } from "../deployment/deployment-log";
import type { EngineListener } from "../deployment/engine-event";
import { OperationScope, type ScopeOptions } from "../deployment/operation-scope";
import { ResourceHooks } from "../deployment/resource-hooks";
import type { StepContext } from "../deployment/step-context";
import { StepExecutor } from "../deployment/step-executor";
import { StepGenerator } from "../deployment/step-generator";
import { EngineServer } from "../monitor/engine-server";
import type { PolicyGuard } from "../policy/policy-guard";
import type { PolicyPackSource } from "../policy/policy-pack";
import type { Program } from "../program/node-program";
import type { StackConfig } from "../project/stack-settings";
import { ProviderHosts } from "../provider/provider-hosts";
import { dynamicPackage, ProviderRegistry } from "../provider/provider-registry";
import type { HostingRule, HostPlace } from "../provider/start-provider-host";
import type { PassphraseSealer } from "../secrets/passphrase-sealer";
import { SecretFilter } from "../secrets/secret-filter";
import type { DeploymentJson } from "../state/checkpoint-format";
import type { LoadedCheckpoint } from "../state/checkpoint-store";
import type { ResourceState } from "../state/resource-state";
import { SnapshotDraft } from "../state/snapshot-draft";
import { SnapshotJournal } from "../state/snapshot-journal";
import { JournalingRecorder, noRecorder, type SnapshotRecorder } from "../state/snapshot-recorder";
import { StackLock } from "../state/stack-lock";
import { packageOfType } from "../urn";
import { sealedSecrets } from "../values/checkpoint-values";
import type { PropertyMap } from "../values/property-value";
import { recordHistory, type UpdateKind } from "./history";
import type { OperationResult } from "./operation-result";
import { type StackSession, statesOf } from "./stack-session";

export interface OperationOptions {
    readonly preview: boolean;
    /** How many steps may run at the same time; at least 1. */
    readonly parallel: number;
    readonly listener: EngineListener;
    /** Evaluate the program and the dynamic providers in this process, not in processes of their own. */
    readonly inProcess?: boolean | undefined;
    /** Which dynamic providers this process hosts itself; by default none. */
    readonly hosts?: HostingRule | undefined;
    /** Drop pending creations of earlier operations. */
    readonly clearPendingCreates?: boolean;
    /** The resources of the operation; by default all. */
    readonly scope?: ScopeOptions | undefined;
    /** Whether steps that need no failed resource continue. */
    readonly continueOnError?: boolean | undefined;
    /** Policy packs that check the resources. */
    readonly policyPacks?: readonly PolicyPackSource[] | undefined;
    /** The message in the history. */
    readonly message?: string | undefined;
    /** Show properties that are marked as secret in plain text. */
    readonly showSecrets?: boolean | undefined;
    /** Ends the operation: running steps finish, and no new ones start. */
    readonly cancel?: AbortSignal | undefined;
}

/** The CLI's default (pkg/cmd/pulumi/operations/up.go, defaultParallel). */
export const defaultParallel = (environment: NodeJS.ProcessEnv): number => {
    const wished = Number(environment.PULUMI_PARALLEL);
    return Number.isInteger(wished) && wished > 0 ? wished : 4 * availableParallelism();
};

/** The dependencies of an operation's phases. */
export interface Operation {
    readonly session: StackSession;
    readonly options: OperationOptions;
    readonly log: DeploymentLog;
    readonly server: EngineServer;
    readonly recorder: SnapshotRecorder;
    /** The state's resources, in its order; a refresh replaces them. */
    base: ResourceState[];
    readonly executor: StepExecutor;
    readonly providers: ProviderRegistry;
    readonly context: StepContext & { readonly deleting: Set<string> };
    readonly scope: OperationScope;
    readonly config: StackConfig;
    /** The outputs of the program. */
    outputs: PropertyMap | undefined;
}

/** The input for starting a program, while the operation is prepared. */
export interface EarlyStart {
    readonly server: EngineServer;
    readonly config: () => Promise<StackConfig>;
    readonly log: DeploymentLog;
}

/**
 * Runs one operation on a stack: takes the lock, reads the state, runs the phases, writes the state and the history, and ends every
 * process that it started.
 * @param phases the operation's own part; throws Aborted when it cannot continue
 * @param start starts the stack's program, before the state is read
 * @throws UserError when it cannot begin
 */
export async function runOperation(
    kind: UpdateKind,
    session: StackSession,
    options: OperationOptions,
    phases: (operation: Operation, program: Program | undefined) => Promise<void>,
    start: (early: EarlyStart) => Promise<Program | undefined> = async () => undefined,
): Promise<OperationResult> {
    const startedAt = Date.now();
    const log = new DeploymentLog(options.listener);
    const { backend } = session.session;
    const lock = options.preview ? undefined : StackLock.acquire(backend, session.stack);
    try {
        const checkpoint = options.preview ? session.store.read() : session.store.recover();
        const result = await withServer(log, async (server) => {
            const config = configOf(session, log, options.showSecrets ?? false);
            const starting = start({ server, config, log });
            starting.catch(() => {});
            try {
                const sealer = await session.stateSealer(checkpoint.deployment);
                const known = await config();
                const state = openState(session, options, checkpoint, sealer);
                if (checkpoint.warning !== undefined) log.says("warning", checkpoint.warning);
                warnOfPendingOperations(state.draft.toDeployment(new Date()), log);
                try {
                    const parts = { log, server, ...state, config: known };
                    const finished = await runPhases(session, options, parts, phases, starting);
                    return { ...finished, durationMs: Date.now() - startedAt };
                } finally {
                    const fault = state.settle?.();
                    if (fault !== undefined)
                        log.says("warning", `The new state contradicted itself and was repaired: ${fault}`);
                }
            } finally {
                // While the server answers: a program that loses it prints that as an error of its own.
                await starting.then(
                    (program) => program?.cancel(),
                    () => {},
                );
            }
        });
        log.summary(options.preview, result.durationMs, result.succeeded);
        if (!options.preview) recordHistory(session, kind, startedAt, result, options.message ?? "");
        return result;
    } catch (error) {
        throw log.withoutSecrets(error);
    } finally {
        // Where a journal could not be added to the state, the CLI must not use the stale state. This engine reads the journal first.
        if (existsSync(backend.journalFile(session.stack))) lock?.leave();
        else lock?.release();
    }
}

async function withServer<Result>(
    log: DeploymentLog,
    work: (server: EngineServer) => Promise<Result>,
): Promise<Result> {
    const server = await EngineServer.start(log);
    try {
        return await work(server);
    } finally {
        server.close();
    }
}

/** The stack's configuration, decrypted once; from then on the log hides its secrets. */
function configOf(session: StackSession, log: DeploymentLog, showSecrets: boolean): () => Promise<StackConfig> {
    let config: Promise<StackConfig> | undefined;
    const read = async (): Promise<StackConfig> => {
        const sealer = session.settings.hasSecrets ? await session.settingsSealer() : undefined;
        const known = () => sealer as PassphraseSealer;
        log.secrets = new SecretFilter(session.settings.secretTexts(known), showSecrets);
        session.settings.refuseOtherThanDeclared(known);
        return session.settings.config(known);
    };
    return () => {
        config ??= read();
        return config;
    };
}

interface OpenState {
    readonly draft: SnapshotDraft;
    readonly base: ResourceState[];
    readonly recorder: SnapshotRecorder;
    /** Writes the state file and returns the fault that it repaired, if any; undefined in a preview. */
    readonly settle?: () => string | undefined;
}

function openState(
    session: StackSession,
    options: OperationOptions,
    { deployment, hash }: LoadedCheckpoint,
    sealer: PassphraseSealer,
): OpenState {
    const base = statesOf(deployment, sealer);
    const draft = new SnapshotDraft(deployment);
    if (options.preview) return { draft, base, recorder: noRecorder };
    const journal = SnapshotJournal.create(session.session.backend.journalFile(session.stack), hash);
    const recorder = new JournalingRecorder(draft, journal, base, sealedSecrets(sealer));
    try {
        recorder.write([
            { secretsProvider: { type: "passphrase", state: { salt: sealer.salt } } },
            ...(options.clearPendingCreates ? [{ forgetPendingCreates: true } as const] : []),
        ]);
    } catch (error) {
        // No step began: neither a journal nor a lock stays.
        journal.remove();
        throw error;
    }
    return { draft, base, recorder, settle: () => session.store.commit(draft.toDeployment(new Date()), journal) };
}

async function runPhases(
    session: StackSession,
    options: OperationOptions,
    parts: Pick<Operation, "log" | "server" | "recorder" | "base" | "config">,
    phases: (operation: Operation, program: Program | undefined) => Promise<void>,
    starting: Promise<Program | undefined>,
): Promise<Pick<OperationResult, "succeeded" | "changes" | "outputs">> {
    const { log, server, recorder, base } = parts;
    const { project } = session.session;
    const place: HostPlace = {
        project,
        engineAddress: server.address,
        environment: session.session.environment,
        onLine: (line) => log.says("info", line),
        inProcess: options.inProcess ?? false,
        hosts: options.hosts,
    };
    const hosts = new ProviderHosts(place, parts.config, base, (text) => log.says("warning", text));
    const providers = new ProviderRegistry(hosts, base);
    if (base.some((state) => packageOfType(state.type) === dynamicPackage)) providers.prepare();
    const hooks = new ResourceHooks(log, options.preview);
    const context = { preview: options.preview, providers, recorder, log, deleting: new Set<string>(), hooks };
    const executor = new StepExecutor(context, options.parallel, options.continueOnError ?? false);
    const scope = new OperationScope(options.scope ?? {});
    const operation: Operation = {
        session,
        options,
        ...parts,
        executor,
        providers,
        context,
        scope,
        outputs: undefined,
    };
    const onCancel = (): void => {
        log.says("error", `${options.preview ? "preview" : "update"} canceled`);
        executor.abort();
        providers.signalCancellation();
    };
    options.cancel?.addEventListener("abort", onCancel, { once: true });
    try {
        log.prelude(parts.config);
        await phases(operation, await starting);
    } catch (error) {
        executor.abort();
        if (error instanceof UserError) log.says("error", error.message);
        else if (!(error instanceof Aborted)) throw error;
    } finally {
        options.cancel?.removeEventListener("abort", onCancel);
        await executor.idle();
        await providers.close();
    }
    return {
        succeeded: !executor.isAborted && log.failures === 0,
        changes: log.changes,
        outputs: operation.outputs,
    };
}

function warnOfPendingOperations({ pending_operations: pending = [] }: DeploymentJson, log: DeploymentLog): void {
    if (pending.length === 0) return;
    const list = pending.map(({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}`).join("\n");
    log.says(
        "warning",
        `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n${list}\nThese resources are in an unknown state because the engine was interrupted while it waited for them. Check whether they exist, then run \`pulumi-embedded refresh --clear-pending-creates\` to drop them from the state.`,
    );
}

/** Decides on the resources of an operation. @param destroys whether the program only runs so that what it declares can be deleted */
export function stepGenerator(operation: Operation, policies: PolicyGuard, destroys = false): StepGenerator {
    const { session, options } = operation;
    const [stack, project] = [session.stack.name, session.session.project.name];
    return new StepGenerator({ ...operation, stack, project, preview: options.preview, policies, destroys });
}
