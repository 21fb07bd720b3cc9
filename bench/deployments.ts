import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../lib/files";
import { type Approach, bareRequests, type Operation } from "./approaches";
import { CloudProcess } from "./cloud-process";
import { measure } from "./measured-command";
import { median } from "./median";

const operations: readonly Operation[] = ["create", "unchanged", "refresh", "destroy"];

/** Some buckets on a local cloud, and the approaches that give each a rule. */
export interface DeploymentCase {
    readonly buckets: number;
    /** How long each answer of the cloud waits. */
    readonly latencyMs: number;
    readonly rounds: number;
    readonly approaches: readonly Approach[];
}

/** What one approach took in each round. */
export interface OperationFigures {
    readonly seconds: number[];
    readonly cpuSeconds: number[];
    readonly requests: number[];
}

export interface ApproachFigures {
    readonly operations: Readonly<Record<Operation, OperationFigures>>;
    /** The largest process of each kind in all rounds and operations, in MB. */
    readonly peaks: Record<string, number>;
    stateBytes?: number;
}

export type CaseFigures = ReadonlyMap<string, ApproachFigures>;

/**
 * Measures the approaches in turns: each round runs all of them once, so that a machine whose speed varies slows all.
 * An approach that cannot run here is left out.
 */
export async function measureCase({ buckets, latencyMs, rounds, approaches }: DeploymentCase): Promise<CaseFigures> {
    const present = approaches.filter(
        (approach) => approach.missing() === undefined && buckets <= (approach.most ?? Number.POSITIVE_INFINITY),
    );
    const figures = new Map(present.map((approach) => [approach.name, noFigures()]));
    const cloud = await CloudProcess.start(buckets, latencyMs);
    try {
        // The cloud's first requests are slower, with each client.
        await runOnce(bareRequests, buckets, cloud, noFigures());
        for (let round = 0; round < rounds; round += 1) {
            for (const approach of present) {
                await runOnce(approach, buckets, cloud, figures.get(approach.name) as ApproachFigures);
            }
        }
    } finally {
        await cloud.stop();
    }
    return figures;
}

const noOperation = (): OperationFigures => ({ seconds: [], cpuSeconds: [], requests: [] });

function noFigures(): ApproachFigures {
    return {
        operations: {
            create: noOperation(),
            unchanged: noOperation(),
            refresh: noOperation(),
            destroy: noOperation(),
        },
        peaks: {},
    };
}

async function runOnce(
    approach: Approach,
    buckets: number,
    cloud: CloudProcess,
    figures: ApproachFigures,
): Promise<void> {
    // Within the package, so that programs find its modules.
    const cache = path.join(approach.packageRoot ?? path.join(__dirname, ".."), "node_modules", ".cache");
    makeFolder(cache);
    const folder = mkdtempSync(path.join(cache, "bench-"));
    try {
        const { env, commands, stateBytes } = await approach.prepare(buckets, cloud, folder);
        await cloud.requests();
        for (const operation of operations) {
            const command = commands[operation];
            if (command === undefined) continue;
            const measured = await measure(command, env);
            const { seconds, cpuSeconds, requests } = figures.operations[operation];
            seconds.push(measured.seconds);
            cpuSeconds.push(measured.cpuSeconds);
            requests.push(await cloud.requests());
            for (const [kind, mb] of Object.entries(measured.peaks)) {
                figures.peaks[kind] = Math.max(figures.peaks[kind] ?? 0, mb);
            }
            if (operation === "unchanged" && stateBytes !== undefined) figures.stateBytes = stateBytes();
        }
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** The median and the range of one figure's ratio to another's, round by round. */
export interface Ratio {
    readonly median: number;
    readonly least: number;
    readonly most: number;
}

/** Both were measured in the same rounds, so the ratio of a round compares like with like. */
export function ratioOf(values: readonly number[], others: readonly number[]): Ratio | undefined {
    const ratios = values.flatMap((value, round) => {
        const other = others[round];
        return other === undefined ? [] : [value / other];
    });
    if (ratios.length === 0) return undefined;
    return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}
