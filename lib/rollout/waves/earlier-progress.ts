import type { JournalRecord } from "../journal/journal-record";
import { outcomeMeanings } from "./stack-outcome";

/** The progress of earlier runs of a rollout, as far as the next run depends on it. */
export interface EarlierProgress {
    /** Stacks that arrived. */
    readonly done: ReadonlySet<string>;
    /** Stacks of which an earlier turn may have deployed a part. */
    readonly mayBeHalfDone: ReadonlySet<string>;
    readonly endedWaves: ReadonlySet<string>;
    /** By wave. */
    readonly pauses: ReadonlyMap<string, EarlierPause>;
}

export interface EarlierPause {
    readonly ended: boolean;
    /** ISO 8601; absent when the pause is for a person. */
    readonly until?: string;
}

export const nothingEarlier: EarlierProgress = {
    done: new Set(),
    mayBeHalfDone: new Set(),
    endedWaves: new Set(),
    pauses: new Map(),
};

/** Reads the records of earlier runs. A turn without an end was cut off, so it may have deployed a part. */
export function earlierProgress(records: readonly JournalRecord[]): EarlierProgress {
    const done = new Set<string>();
    const mayBeHalfDone = new Set<string>();
    const open = new Set<string>();
    const endedWaves = new Set<string>();
    const pauses = new Map<string, EarlierPause>();
    for (const record of records) {
        switch (record.kind) {
            case "stack-begun":
                // A second beginning without an end between them: the first turn was cut off.
                if (open.has(record.stack)) mayBeHalfDone.add(record.stack);
                open.add(record.stack);
                break;
            case "stack-ended": {
                const meaning = outcomeMeanings[record.outcome];
                open.delete(record.stack);
                if (meaning.mayBeHalfDone) mayBeHalfDone.add(record.stack);
                if (meaning.done) done.add(record.stack);
                else done.delete(record.stack);
                break;
            }
            case "wave-ended":
                endedWaves.add(record.wave);
                break;
            case "paused":
                pauses.set(record.wave, { ended: false, ...(record.until !== undefined && { until: record.until }) });
                break;
            case "pause-ended":
                pauses.set(record.wave, { ended: true });
                break;
        }
    }
    for (const stack of open) mayBeHalfDone.add(stack);
    return { done, mayBeHalfDone, endedWaves, pauses };
}
