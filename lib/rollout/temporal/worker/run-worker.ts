import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { StackEngine } from "../../engines/stack-engine";
import type { RolloutFile } from "../../file/rollout-file";
import { connectionFault } from "../connection-fault";
import { maskedText } from "../masked-text";
import { notReached } from "../not-reached";
import { dataConverter } from "../payload-codec";
import { type TemporalConnection, type TemporalWorker, temporalPackage } from "../temporal-packages";
import { type TemporalSettings, taskQueueOf, temporalSettings } from "../temporal-settings";
import { activitiesOf } from "./activities";
import { TurnTaker } from "./turn-taker";
import { workflowBundle } from "./workflow-bundle";

export interface WorkerOptions {
    readonly engine: StackEngine;
    readonly environment: NodeJS.ProcessEnv;
    /** How many stacks this worker deploys at the same time. */
    readonly maxConcurrent: number;
    /** Takes no further stack; running ones finish. */
    readonly stop: AbortSignal;
    /** Ends the engines' operations as ^C would. */
    readonly cancel: AbortSignal;
    readonly say: (text: string) => void;
}

/** In milliseconds. A worker that is stopped lets its stacks finish, however long they take. */
const longestStack = 24 * 3600 * 1000;
/** Workflows in memory; others are read again from their histories. */
const cachedWorkflows = 100;
const firstWait = 1000;
const longestWait = 15_000;

/**
 * Deploys the stacks that a rollout on Temporal hands out, until it is stopped. It waits for a server that is not there yet.
 * @throws UserError `invalid-temporal-settings`, `missing-package`, `temporal-not-reached`, `invalid-payload-codec`, `cache-folder-not-usable`
 */
export async function runWorker(file: RolloutFile, options: WorkerOptions): Promise<void> {
    const { engine, environment, maxConcurrent, stop, cancel, say } = options;
    const settings = temporalSettings("worker", environment);
    const { address, namespace, connectionOptions, secrets } = settings;
    const { NativeConnection, Worker, Runtime, DefaultLogger } = temporalPackage("@temporalio/worker", "worker");
    const converter = await dataConverter(file.temporal?.codec, "worker", environment);
    const turns = new TurnTaker({ file, engine, environment, cancel });
    const activities = activitiesOf(file, turns, environment);
    const tell = ({ message, meta }: { readonly message: string; readonly meta?: object }): void =>
        say(maskedText(`${message}${reasonIn(meta)}`, secrets));
    Runtime.install({
        // Signals are the command's.
        shutdownSignals: [],
        logger: new DefaultLogger("WARN", tell),
        telemetryOptions: { logging: { filter: { core: "ERROR", other: "ERROR" }, forward: {} } },
    });
    const [code, connection] = await Promise.all([
        workflowBundle(converter?.failureConverterPath, environment),
        connected(() => NativeConnection.connect(connectionOptions), settings, options),
    ]);
    if (connection === undefined) return;
    try {
        const taskQueue = taskQueueOf(file);
        const worker: TemporalWorker = await Worker.create({
            connection,
            namespace,
            taskQueue,
            identity: `${process.pid}@${hostname()}`,
            workflowBundle: { code },
            activities,
            ...(converter !== undefined && { dataConverter: converter }),
            maxConcurrentActivityTaskExecutions: maxConcurrent,
            maxCachedWorkflows: cachedWorkflows,
            shutdownGraceTime: longestStack,
        });
        const running = worker.run();
        say(`Working for the rollout "${file.name}" at ${address}, namespace ${namespace}, task queue ${taskQueue}.`);
        const shutDown = (): void => worker.shutdown();
        if (stop.aborted) shutDown();
        else stop.addEventListener("abort", shutDown);
        await running;
    } catch (error) {
        throw notReached(error, settings);
    } finally {
        await connection.close();
    }
}

/** Failures that waiting does not change. Names of states of gRPC and of errors of TLS, and how the SDK's core words the former. */
const refusals =
    /unauthenticated|authentication credentials|permission.?denied|does not have permission|certificate|BadSignature|UnknownIssuer/i;

/** @returns undefined when the worker was stopped before there was a server */
async function connected(
    connect: () => Promise<TemporalConnection>,
    settings: TemporalSettings,
    { stop, say }: WorkerOptions,
): Promise<TemporalConnection | undefined> {
    const { address, secrets } = settings;
    for (let wait = firstWait; !stop.aborted; wait = Math.min(2 * wait, longestWait)) {
        try {
            return await connect();
        } catch (error) {
            const { message } = error as Error;
            if (refusals.test(message)) throw notReached(error, settings, await connectionFault(settings));
            if (wait === firstWait || wait === longestWait)
                say(maskedText(`Waiting for the Temporal server at ${address}: ${message}`, secrets));
            await delay(wait, undefined, { signal: stop }).catch(() => undefined);
        }
    }
    return undefined;
}

function reasonIn(meta: object | undefined): string {
    const { error } = (meta ?? {}) as { error?: unknown };
    return error instanceof Error ? `: ${error.message}` : "";
}
