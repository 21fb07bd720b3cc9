import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { TemporalServer } from "./temporal-environment";

/** What happened to a rollout's processes. */
export interface Kills {
    worker: number;
    /** A worker with the engines that it started. */
    workerAndEngines: number;
    server: number;
    /** A worker that stood still for longer than the heartbeat timeout. */
    freeze: number;
}

export interface KillOptions {
    readonly kills: number;
    readonly random: () => number;
    readonly server: TemporalServer;
    /** Starts a worker. */
    readonly worker: () => Promise<ChildProcess>;
    /** In milliseconds; longer than the heartbeat timeout. */
    readonly freezeFor: number;
    /** The longest time between two kills, in milliseconds. */
    readonly longestPause: number;
    readonly isOver: () => Promise<boolean>;
}

/**
 * Kills and freezes two workers and their server at seeded moments, and starts each anew, until the rollout is over.
 * @returns how many it killed, with the workers that are left
 */
export async function killUntilOver(options: KillOptions): Promise<{ kills: Kills; workers: ChildProcess[] }> {
    const { random, server, worker, freezeFor, longestPause, isOver } = options;
    const workers = [await worker(), await worker()];
    const kills: Kills = { worker: 0, workerAndEngines: 0, server: 0, freeze: 0 };
    const count = (): number => kills.worker + kills.workerAndEngines + kills.server + kills.freeze;
    while (!(await isOver())) {
        await delay(200 + random() * longestPause);
        if (count() >= options.kills) continue;
        const victim = random() < 0.5 ? 0 : 1;
        const child = workers[victim] as ChildProcess;
        const kind = random();
        if (kind < 0.2) {
            kills.server += 1;
            await server.kill();
            await delay(random() * 1000);
            await server.start();
        } else if (kind < 0.4) {
            kills.freeze += 1;
            child.kill("SIGSTOP");
            await delay(freezeFor);
            child.kill("SIGCONT");
        } else {
            const engines = kind < 0.7 ? [] : descendants(child.pid as number);
            if (engines.length === 0) kills.worker += 1;
            else kills.workerAndEngines += 1;
            child.kill("SIGKILL");
            for (const engine of engines) kill(engine);
            workers[victim] = await worker();
        }
    }
    return { kills, workers };
}

function kill(id: number): void {
    try {
        process.kill(id, "SIGKILL");
    } catch {
        // It has ended.
    }
}

/** All processes that a process has started, and those that they have. */
function descendants(id: number): number[] {
    try {
        const children = readFileSync(`/proc/${id}/task/${id}/children`, "utf8").trim().split(" ").filter(Boolean);
        return children.map(Number).flatMap((child) => [child, ...descendants(child)]);
    } catch {
        return [];
    }
}
