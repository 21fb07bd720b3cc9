import type { FlowProgress, FlowWave, LogEntry } from "./flow-messages";
import { leftText, readLeft } from "./left-stacks";

export const noProgress: FlowProgress = { endedWaves: [], pauses: {}, left: {}, runs: 0 };

/** @param before the progress before these entries */
export function progressOf(entries: readonly LogEntry[], before: FlowProgress = noProgress): FlowProgress {
    const endedWaves = [...before.endedWaves];
    const pauses = { ...before.pauses };
    const left = { ...before.left };
    let { runs } = before;
    for (const entry of entries) {
        switch (entry.kind) {
            case "begun":
            case "resumed":
                runs += 1;
                break;
            case "wave-ended":
                endedWaves.push(entry.wave);
                break;
            case "paused":
                pauses[entry.wave] = { ended: false, ...(entry.until !== undefined && { until: entry.until }) };
                break;
            case "pause-ended":
                pauses[entry.wave] = { ended: true };
                break;
            case "shard-begun":
                // Until its end is known, each of its stacks may have begun.
                left[entry.shard] = leftText(readLeft(entry.left).map((one) => ({ ...one, mayBeHalfDone: true })));
                break;
            case "shard-ended":
                left[entry.shard] = entry.left;
                break;
        }
    }
    return { endedWaves, pauses, left, runs };
}

export interface ShardPlace {
    readonly wave: number;
    readonly group: number;
    /** The first position. */
    readonly from: number;
}

export const shardName = ({ wave, group, from }: ShardPlace): string => `${wave}/${group}/${from}`;

export function shardPlace(shard: string): ShardPlace {
    const [wave = 0, group = 0, from = 0] = shard.split("/").map(Number);
    return { wave, group, from };
}

/** The shards of a wave's groups, each with what is left of it. */
export function shardsOf(
    { groups }: FlowWave,
    wave: number,
    shardSize: number,
    { left }: FlowProgress,
): { readonly shard: string; readonly left: string }[][] {
    return groups.map((size, group) =>
        Array.from({ length: Math.ceil(size / shardSize) }, (_, index) => {
            const from = index * shardSize;
            const to = Math.min(from + shardSize, size) - 1;
            const shard = shardName({ wave, group, from });
            return { shard, left: left[shard] ?? (from === to ? `${from}` : `${from}-${to}`) };
        }).filter((one) => one.left !== ""),
    );
}
