import type { BucketStatus } from "../journal/journal-record";
import type { RolloutReport, RolloutState, StackState, WaveState } from "./rollout-report";

export const bucketWords: Record<BucketStatus, string> = {
    "as-declared": "encrypted as declared",
    different: "different",
    "not-known": "not known",
};

export const stackWords: Record<StackState, string> = {
    deployed: "deployed",
    unchanged: "unchanged",
    failed: "failed",
    differs: "differs from the plan",
    held: "held by a lock",
    interrupted: "interrupted",
    waiting: "waiting",
    running: "running",
    "not-planned": "could not be planned",
};

export const waveWords: Record<WaveState, string> = {
    waiting: "waiting",
    running: "not done yet",
    stopped: "stopped",
    done: "done",
};

export const stateWords: Record<RolloutState, string> = {
    planned: "planned, not started",
    running: "running",
    interrupted: "interrupted",
    paused: "paused",
    stopped: "stopped",
    completed: "completed",
    aborted: "aborted",
};

/** Steps by kind, for instance `3 create, 1 update`; `none` when nothing changes. @param isPlanned false where a preview failed */
export function changesText(changes: Readonly<Record<string, number>>, isPlanned = true): string {
    const parts = Object.entries(changes).map(([op, count]) => `${count} ${op}`);
    if (parts.length > 0) return parts.join(", ");
    return isPlanned ? "none" : "not known";
}

/** The counts that are not zero, in words. */
export function countsText<Key extends string>(
    counts: Readonly<Record<Key, number>>,
    words: Readonly<Record<Key, string>>,
): string {
    const parts = (Object.keys(words) as Key[])
        .filter((key) => counts[key] > 0)
        .map((key) => `${counts[key]} ${words[key]}`);
    return parts.length === 0 ? "none" : parts.join(", ");
}

/** The state of the rollout in one sentence. */
export function stateText({ state, reason }: RolloutReport): string {
    return `${stateWords[state]}${reason === undefined ? "" : `: ${reason}`}`;
}

/** The limit of a default rule, which every report states. */
export const coverageNote =
    "A default rule applies to objects that are written after it was set. Existing objects stay as they are.";
