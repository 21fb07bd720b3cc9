import type { RolloutFile } from "../../file/rollout-file";
import { shardPlace } from "../flow/flow-log";
import { readLeft } from "../flow/left-stacks";
import { type ActivityContext, temporalPackage } from "../temporal-packages";
import type { Activities } from "../workflows";
import { type TurnFailure, turnFailure } from "./turn-failure";
import type { TurnTaker } from "./turn-taker";

/** Attempts are given up after three silences of this part of the allowed one. */
const heartbeatsPerTimeout = 4;

/** The activities of the workflows, joined to Temporal. */
export function activitiesOf(file: RolloutFile, turns: TurnTaker, environment: NodeJS.ProcessEnv): Activities {
    const { Context } = temporalPackage("@temporalio/activity", "worker");
    const activity =
        <Input, Output>(work: (input: Input, context: ActivityContext) => Promise<Output>) =>
        async (input: Input): Promise<Output> => {
            try {
                return await work(input, Context.current());
            } catch (error) {
                throw applicationFailure(turnFailure(error, environment));
            }
        };
    return {
        keepRolloutLog: activity(async ({ plan, part, entries }) => {
            await turns.kept(plan).writeLog(part, entries);
        }),
        stackNames: activity(async ({ plan, shard, left }) => {
            await turns.plan(plan);
            const { wave, group } = shardPlace(shard);
            const names = file.waves[wave]?.groups[group] ?? [];
            return readLeft(left).map(({ position }) => names[position] as string);
        }),
        keepTurns: activity(async ({ plan, turns: notes }) => {
            const kept = turns.kept(plan);
            return await kept.writeRecords(await kept.turnRecords(notes, await turns.plan(plan)));
        }),
        stackTurn: activity(async (input, context) => {
            const { attempt, scheduledTimestampMs, heartbeatTimeoutMs = 30_000 } = context.info;
            const heartbeats = setInterval(() => context.heartbeat(), heartbeatTimeoutMs / heartbeatsPerTimeout);
            try {
                return await turns.take(input, {
                    number: attempt,
                    begunAt: scheduledTimestampMs,
                    cancelled: context.cancellationSignal,
                });
            } finally {
                clearInterval(heartbeats);
            }
        }),
    };
}

function applicationFailure({ kind, message, isPermanent, retryAfter }: TurnFailure): Error {
    const { ApplicationFailure } = temporalPackage("@temporalio/activity", "worker");
    const failure = ApplicationFailure.create({
        message,
        type: kind,
        nonRetryable: isPermanent,
        ...(retryAfter !== undefined && { nextRetryDelay: retryAfter }),
    });
    // A stack trace tells a reader of histories nothing, and may name folders of this machine.
    failure.stack = "";
    return failure;
}
