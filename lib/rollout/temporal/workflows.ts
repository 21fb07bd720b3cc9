import type {
    KeepLogInput,
    KeepTurnsInput,
    NamesInput,
    RolloutInput,
    ShardEnd,
    ShardInput,
    TurnEnd,
    TurnInput,
} from "./flow/flow-messages";
import { RolloutFlow, type RolloutRequests } from "./flow/rollout-flow";
import { ShardFlow, type ShardInbox } from "./flow/shard-flow";
import type { TemporalWorkflowPackage } from "./temporal-packages";

// The workflows, bundled for Temporal's sandbox. The decisions are in `flow/`; this file joins them to Temporal. A rollout may pause for
// weeks while workers are upgraded, so a change of the commands that these functions issue needs `patched()`; recorded histories are
// replayed by tests/interop/temporal.

const {
    CancellationScope,
    condition,
    continueAsNew,
    defineQuery,
    defineSignal,
    getExternalWorkflowHandle,
    proxyActivities,
    rootCause,
    setHandler,
    startChild,
    workflowInfo,
}: TemporalWorkflowPackage = require("@temporalio/workflow");

/** The activities that workers run for the workflows. */
export interface Activities {
    keepRolloutLog(input: KeepLogInput): Promise<void>;
    stackNames(input: NamesInput): Promise<readonly string[]>;
    keepTurns(input: KeepTurnsInput): Promise<string>;
    stackTurn(input: TurnInput): Promise<TurnEnd>;
}

const seconds = 1000;
const retry = { initialInterval: seconds, backoffCoefficient: 2, maximumInterval: 60 * seconds };

/** What only reads or writes the shared place: tried until it succeeds, since nothing can continue without it. */
const { keepRolloutLog, stackNames, keepTurns } = proxyActivities<Activities>({
    startToCloseTimeout: 120 * seconds,
    retry,
});

/** Longer than any stack. A worker that is gone is noticed by its silence. */
const longestTurn = 24 * 3600 * seconds;
/** A stack that brings down each worker must not do so forever. */
const mostAttempts = 100;

export async function rollout(input: RolloutInput): Promise<string> {
    const requests: RolloutRequests = { agreed: new Set(), isInterrupted: false, reports: [] };
    setHandler(defineSignal("report"), (shard: string, report: never) => void requests.reports.push({ shard, report }));
    setHandler(defineSignal("agree"), (wave: string) => void requests.agreed.add(wave));
    setHandler(defineSignal("abort"), (reason: string, by: string) => {
        requests.abort ??= { reason, by };
    });
    CancellationScope.current().cancelRequested.catch(() => {
        requests.isInterrupted = true;
    });
    const { workflowId } = workflowInfo();
    const flow = new RolloutFlow(input, {
        requests,
        now: () => Date.now(),
        until,
        async startShard(shard, run) {
            const workflow = `${workflowId}/${run}/${shard.shard}`;
            const child = await startChild("shard", { workflowId: workflow, args: [shard] });
            // A shard that has just ended hears nothing more.
            const tell = (name: string, ...args: unknown[]): Promise<void> =>
                child.signal(name, ...args).catch(() => undefined);
            return {
                workflow,
                give: (grant) => tell("give", grant),
                halt: () => tell("halt"),
                ended: child.result() as Promise<ShardEnd>,
            };
        },
        keepLog: keepRolloutLog,
        isLong: () => workflowInfo().continueAsNewSuggested,
    });
    const end = await CancellationScope.nonCancellable(() => flow.run());
    return end.isOver ? end.kind : await continueAsNew(end.next);
}

export async function shard(input: ShardInput): Promise<ShardEnd> {
    const inbox: ShardInbox = { grants: [], isHalted: false };
    setHandler(defineSignal("give"), (grant: never) => void inbox.grants.push(grant));
    const halt = (): void => {
        inbox.isHalted = true;
    };
    setHandler(defineSignal("halt"), halt);
    CancellationScope.current().cancelRequested.catch(halt);
    const parent = getExternalWorkflowHandle(workflowInfo().parent?.workflowId ?? "");
    const flow = new ShardFlow(input, {
        inbox,
        now: () => Date.now(),
        until,
        names: stackNames,
        turn: (turn) => stackTurn(turn, input.timing.heartbeat),
        keepTurns,
        report: (report) => parent.signal("report", input.shard, report),
    });
    setHandler(defineQuery("turns"), () => flow.turns);
    return await CancellationScope.nonCancellable(() => flow.run());
}

async function stackTurn(input: TurnInput, heartbeat: number): Promise<TurnEnd> {
    const worker = proxyActivities<Activities>({
        startToCloseTimeout: longestTurn,
        heartbeatTimeout: heartbeat * seconds,
        // Temporal's pages then name the stack.
        activityId: input.stack,
        retry: { ...retry, maximumAttempts: mostAttempts },
    });
    try {
        return await worker.stackTurn(input);
    } catch (error) {
        throw new Error(rootCause(error) ?? "no worker could finish the stack");
    }
}

async function until(holds: () => boolean, milliseconds?: number): Promise<boolean> {
    if (milliseconds !== undefined) return await condition(holds, milliseconds);
    await condition(holds);
    return true;
}
