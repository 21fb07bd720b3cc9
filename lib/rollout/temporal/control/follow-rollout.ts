import type { JournalRecord } from "../../journal/journal-record";
import type { Attendant, Clock } from "../../run/rollout-run";
import type { LogEntry, TurnNote } from "../flow/flow-messages";
import { openShards, type TemporalControl } from "./temporal-control";

export interface FollowOptions {
    readonly attendant: Attendant;
    readonly clock: Clock;
    /** Stops following; the rollout continues. */
    readonly stop: AbortSignal;
    /** Called with each record. */
    readonly onRecord: (record: JournalRecord) => void;
    /** The number of parts of the log that were shown already. */
    readonly from: number;
}

/** In milliseconds. */
const firstPoll = 500;
const longestPoll = 3000;

/**
 * Shows the progress of a rollout on Temporal, and asks at its pauses, until it ends.
 * @returns `paused` when a person did not agree to continue, `left` after `stop`
 */
export async function followRollout(
    control: TemporalControl,
    options: FollowOptions,
): Promise<"over" | "paused" | "left"> {
    const { clock, stop, onRecord, attendant } = options;
    const shown = new ShownTurns(control, onRecord);
    const log: LogEntry[] = [];
    let parts = options.from;
    let asked: string | undefined;
    for (let wait = firstPoll; ; wait = Math.min(wait * 1.5, longestPoll)) {
        if (stop.aborted) return "left";
        const state = await control.state(parts);
        parts = state.parts;
        for (const entry of state.log) {
            wait = firstPoll;
            log.push(entry);
            if (entry.kind === "shard-ended") await shown.ended(entry.records);
            else if (entry.kind !== "shard-begun") onRecord(entry);
        }
        for (const { workflow } of openShards(log)) await shown.running(workflow);
        const last = log.at(-1);
        if (!state.isOpen && state.log.length === 0) return "over";
        if (last?.kind === "paused" && last.until === undefined && asked !== last.wave) {
            asked = last.wave;
            if (!(await attendant.confirm(`Wave ${last.wave} is done. Continue with the next wave?`))) return "paused";
            await control.agree(last.wave);
        }
        await clock.sleep(wait, stop);
    }
}

/** The turns that were shown, so that each is shown once. */
class ShownTurns {
    readonly #control: TemporalControl;
    readonly #onRecord: (record: JournalRecord) => void;
    /** By stack and time of the beginning. */
    readonly #begun = new Set<string>();
    readonly #ended = new Set<string>();

    constructor(control: TemporalControl, onRecord: (record: JournalRecord) => void) {
        this.#control = control;
        this.#onRecord = onRecord;
    }

    async running(workflow: string): Promise<void> {
        const turns = await this.#control.turnsOf(workflow);
        const isNew = ({ stack, begunAt, outcome }: TurnNote): boolean =>
            !(outcome === undefined ? this.#begun : this.#ended).has(`${stack} ${begunAt}`);
        this.#show(await this.#control.kept.turnRecords((turns ?? []).filter(isNew), this.#control.plan));
    }

    async ended(records: string): Promise<void> {
        this.#show(await this.#control.kept.readRecords(records));
    }

    /** @param records each beginning right before its end */
    #show(records: readonly JournalRecord[]): void {
        let key = "";
        for (const record of records) {
            if (record.kind === "stack-begun") key = `${record.stack} ${record.at}`;
            const shown = record.kind === "stack-begun" ? this.#begun : this.#ended;
            if (shown.has(key)) continue;
            shown.add(key);
            this.#onRecord(record);
        }
    }
}
