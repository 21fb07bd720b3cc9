import { UserError } from "../../../errors";
import type { RolloutFile, TemporalPart } from "../../file/rollout-file";
import type { JournalRecord } from "../../journal/journal-record";
import { userAndHost } from "../../journal/rollout-lock";
import type { RolloutPlan } from "../../plan/rollout-plan";
import { makeReport } from "../../report/make-report";
import type { RolloutReport } from "../../report/rollout-report";
import { expectPlanOf } from "../../run/rollout-run";
import { connectionFault } from "../connection-fault";
import { progressOf, shardPlace } from "../flow/flow-log";
import type { LogEntry, RolloutInput, TurnNote } from "../flow/flow-messages";
import { readLeft } from "../flow/left-stacks";
import { notReached } from "../not-reached";
import { dataConverter } from "../payload-codec";
import { KeptRollout } from "../place/kept-rollout";
import { openSharedPlace } from "../place/open-shared-place";
import {
    type TemporalClient,
    type TemporalConnection,
    temporalPackage,
    type WorkflowHandle,
} from "../temporal-packages";
import { type TemporalSettings, taskQueueOf, temporalSettings, workflowIdOf } from "../temporal-settings";

/** The most stacks of a shard: a history of 500 stacks is a fifth of the length at which Temporal warns. */
const shardSize = 500;
const connectMilliseconds = 10_000;
const activityQueue = 2;

/** Work that a rollout waits for, after a failed attempt or without a worker. */
export interface PendingTurn {
    /** The stack, or the step for the whole rollout. */
    readonly name: string;
    readonly attempt: number;
    readonly lastFailure?: string;
    readonly worker?: string;
}

/** The state of a rollout on Temporal. */
export interface TemporalState {
    readonly log: readonly LogEntry[];
    /** How many parts the log has. */
    readonly parts: number;
    /** Whether its workflow is open. */
    readonly isOpen: boolean;
}

/** Starts, asks and ends the rollouts of one plan on Temporal. */
export class TemporalControl {
    readonly plan: RolloutPlan;
    readonly kept: KeptRollout;
    readonly workflowId: string;
    readonly #file: RolloutFile;
    readonly #part: TemporalPart;
    readonly #settings: TemporalSettings;
    readonly #connection: TemporalConnection;
    readonly #client: TemporalClient;

    private constructor(
        file: RolloutFile,
        part: TemporalPart,
        plan: RolloutPlan,
        kept: KeptRollout,
        settings: TemporalSettings,
        connection: TemporalConnection,
        client: TemporalClient,
    ) {
        this.#file = file;
        this.#part = part;
        this.plan = plan;
        this.kept = kept;
        this.#settings = settings;
        this.#connection = connection;
        this.#client = client;
        this.workflowId = workflowIdOf(file.name, plan.id);
    }

    /**
     * @param plan the plan, or its id when the shared place has it
     * @param fileMayDiffer the file may have been changed since the plan was made: enough to look at the rollout and to end it
     * @throws UserError `invalid-rollout-file`, `invalid-temporal-settings`, `missing-package`, `invalid-payload-codec`,
     * `temporal-not-reached`, `invalid-rollout-plan`, `shared-place-failed`
     */
    static async connect(
        file: RolloutFile,
        plan: RolloutPlan | string,
        environment: NodeJS.ProcessEnv,
        fileMayDiffer = false,
    ): Promise<TemporalControl> {
        const { temporal } = file;
        if (temporal === undefined) {
            const what =
                'The rollout file has no part "temporal" with a "sharedPlace", which a rollout on Temporal needs';
            throw new UserError("invalid-rollout-file", what);
        }
        const settings = temporalSettings("client", environment);
        const { Connection, Client } = temporalPackage("@temporalio/client", "client");
        const converter = await dataConverter(temporal.codec, "client", environment);
        const place = openSharedPlace(temporal.sharedPlace, environment);
        const kept = new KeptRollout(place, typeof plan === "string" ? plan : plan.id);
        const whole = typeof plan === "string" ? await kept.readPlan() : plan;
        if (!fileMayDiffer) expectPlanOf(file, whole);
        const { connectionOptions, namespace } = settings;
        let connection: TemporalConnection;
        try {
            connection = await Connection.connect({ ...connectionOptions, connectTimeout: connectMilliseconds });
        } catch (error) {
            throw notReached(error, settings, await connectionFault(settings));
        }
        const client = new Client({ connection, namespace, ...(converter && { dataConverter: converter }) });
        return new TemporalControl(file, temporal, whole, kept, settings, connection, client);
    }

    async close(): Promise<void> {
        await this.#connection.close();
    }

    /** Puts the plan into the shared place and starts its rollout. @throws UserError `rollout-unfinished` when it was started before */
    async start(): Promise<void> {
        if ((await this.kept.readLog()).length > 0) throw this.#startedBefore();
        await this.kept.writePlan(this.plan);
        await this.#startWith([], 0, "REJECT_DUPLICATE");
    }

    /** Starts it again, with what is left. @param state of the rollout, which is not open */
    async startAgain({ log, parts }: TemporalState): Promise<void> {
        await this.#startWith(log, parts, "ALLOW_DUPLICATE");
    }

    /** The state according to the shared place and the server. @param from the number of parts of the log that are known already */
    async state(from = 0): Promise<TemporalState> {
        // The server first: a workflow that is closed writes no further part.
        const isOpen = await this.#isOpen();
        const parts = await this.kept.readLog(from);
        return { log: parts.flat(), parts: from + parts.length, isOpen };
    }

    /** The report, as on one machine. */
    async report(): Promise<RolloutReport> {
        const { log, isOpen } = await this.state();
        return makeReport(this.#file, this.plan, await this.records(log, isOpen), { running: isOpen });
    }

    /** The journal: the log with the records of each shard in its place. */
    async records(log: readonly LogEntry[], isOpen: boolean): Promise<JournalRecord[]> {
        const records: JournalRecord[] = [];
        for (const [index, entry] of log.entries()) {
            if (entry.kind === "shard-ended") records.push(...(await this.kept.readRecords(entry.records)));
            else if (entry.kind !== "shard-begun") records.push(entry);
            else {
                const next = log.slice(index + 1).find((later) => "shard" in later && later.shard === entry.shard);
                if (next?.kind !== "shard-ended") records.push(...(await this.#openRecords(entry, isOpen)));
            }
        }
        return records;
    }

    /** The turns of an open shard, as far as a worker reports them. */
    async turnsOf(workflow: string): Promise<readonly TurnNote[] | undefined> {
        try {
            return (await this.#client.workflow.getHandle(workflow).query("turns")) as readonly TurnNote[];
        } catch {
            // Without a worker no answer comes.
            return undefined;
        }
    }

    /** Stacks that are tried again, and stacks that wait for a worker. */
    async pending(log: readonly LogEntry[]): Promise<PendingTurn[]> {
        const workflows = [this.workflowId, ...openShards(log).map(({ workflow }) => workflow)];
        const described = await this.#asked(() =>
            Promise.all(
                workflows.map((workflow) => this.#client.workflow.getHandle(workflow).describe().catch(ignoreMissing)),
            ),
        );
        return described.flatMap((description) =>
            (description?.raw.pendingActivities ?? []).flatMap((activity) => {
                const { attempt, lastFailure, lastWorkerIdentity } = activity;
                const message = lastFailure?.message ?? undefined;
                if (message === undefined && (attempt ?? 1) <= 1) return [];
                const isTurn = activity.activityType?.name === "stackTurn";
                const name = isTurn ? (activity.activityId ?? "") : (activity.activityType?.name ?? "");
                return [
                    {
                        name,
                        attempt: attempt ?? 1,
                        ...(message !== undefined && { lastFailure: message }),
                        ...(lastWorkerIdentity && { worker: lastWorkerIdentity }),
                    },
                ];
            }),
        );
    }

    /** Whether a worker has asked for work of this rollout's file lately. */
    async hasWorker(): Promise<boolean> {
        const { pollers } = await this.#asked(() =>
            this.#client.workflowService.describeTaskQueue({
                namespace: this.#settings.namespace,
                taskQueue: { name: this.taskQueue },
                taskQueueType: activityQueue,
            }),
        );
        return (pollers ?? []).length > 0;
    }

    get taskQueue(): string {
        return taskQueueOf(this.#file);
    }

    get address(): string {
        return this.#settings.address;
    }

    /** Answers the pause after a wave. */
    async agree(wave: string): Promise<void> {
        await this.#asked(() => this.#handle.signal("agree", wave));
    }

    async abort(reason: string, by: string): Promise<void> {
        await this.#asked(() => this.#handle.signal("abort", reason, by));
    }

    get #handle(): WorkflowHandle {
        return this.#client.workflow.getHandle(this.workflowId);
    }

    async #startWith(
        log: readonly LogEntry[],
        logParts: number,
        workflowIdReusePolicy: "REJECT_DUPLICATE" | "ALLOW_DUPLICATE",
    ): Promise<void> {
        const { user, host } = userAndHost();
        const input: RolloutInput = {
            plan: { place: this.#part.sharedPlace, id: this.plan.id },
            waves: this.#file.waves.map(({ groups, ...wave }) => ({
                ...wave,
                groups: groups.map(({ length }) => length),
            })),
            timing: { heartbeat: this.#part.heartbeatTimeout, lockWait: this.#part.lockWait },
            shardSize,
            by: `${user}@${host}`,
            logParts,
            progress: progressOf(log),
        };
        try {
            await this.#client.workflow.start("rollout", {
                workflowId: this.workflowId,
                taskQueue: this.taskQueue,
                args: [input],
                workflowIdReusePolicy,
                workflowIdConflictPolicy: "FAIL",
            });
        } catch (error) {
            if ((error as Error).name === "WorkflowExecutionAlreadyStartedError") throw this.#startedBefore();
            throw notReached(error, this.#settings);
        }
    }

    async #isOpen(): Promise<boolean> {
        const description = await this.#asked(() => this.#handle.describe().catch(ignoreMissing));
        return description?.status.name === "RUNNING" || description?.status.name === "PAUSED";
    }

    async #openRecords(
        { at, shard, left, workflow }: Extract<LogEntry, { kind: "shard-begun" }>,
        isOpen: boolean,
    ): Promise<JournalRecord[]> {
        const turns = await this.turnsOf(workflow);
        if (turns !== undefined) return await this.kept.turnRecords(turns, this.plan);
        if (isOpen) return [];
        // Its workflow is gone: each of its stacks may have begun.
        const { wave, group } = shardPlace(shard);
        const names = this.#file.waves[wave]?.groups[group] ?? [];
        return readLeft(left).map(({ position }) => ({ kind: "stack-begun", at, stack: names[position] as string }));
    }

    #startedBefore(): UserError {
        const what = `The rollout "${this.#file.name}" of the plan ${this.plan.id.slice(0, 12)} was started on Temporal before (workflow ${this.workflowId})`;
        const cure =
            "Follow it with `bucket-encryption rollout status --engine temporal`, or continue it with `bucket-encryption rollout resume --engine temporal`. Another rollout needs a new plan.";
        return new UserError("rollout-unfinished", what, {}, { cure });
    }

    async #asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
        try {
            return await ask();
        } catch (error) {
            throw notReached(error, this.#settings);
        }
    }
}

/** Shards that have begun and not ended. */
export function openShards(log: readonly LogEntry[]): { readonly shard: string; readonly workflow: string }[] {
    const open = new Map<string, { shard: string; workflow: string }>();
    for (const entry of log) {
        if (entry.kind === "shard-begun") open.set(entry.shard, { shard: entry.shard, workflow: entry.workflow });
        if (entry.kind === "shard-ended") open.delete(entry.shard);
    }
    return [...open.values()];
}

function ignoreMissing(error: unknown): undefined {
    if ((error as Error).name === "WorkflowNotFoundError") return undefined;
    throw error;
}
