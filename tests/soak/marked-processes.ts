import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A variable by which every process that a soak starts is found again, also when its parent is gone. */
export const markName = "SOAK_MARK";

export interface MarkedProcess {
    readonly id: number;
    readonly command: string;
}

/** The processes that run with this mark in their environment. None where the system does not tell. */
export function markedProcesses(mark: string): MarkedProcess[] {
    const found: MarkedProcess[] = [];
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
        try {
            if (!readFileSync(`/proc/${name}/environ`, "latin1").split("\0").includes(`${markName}=${mark}`)) continue;
            const command = readFileSync(`/proc/${name}/cmdline`, "latin1").replaceAll("\0", " ");
            if (command !== "") found.push({ id: Number(name), command });
        } catch {
            // It ended in the meantime, or belongs to another user.
        }
    }
    return found;
}

/** The files below a folder that this process has open. None where the system does not tell. */
export function filesOpenBelow(folder: string): string[] {
    if (process.platform !== "linux") return [];
    return readdirSync("/proc/self/fd").flatMap((name) => {
        try {
            const file = readlinkSync(`/proc/self/fd/${name}`);
            return file.startsWith(folder) ? [file] : [];
        } catch {
            // It was closed in the meantime.
            return [];
        }
    });
}

export function killProcess({ id }: MarkedProcess): void {
    try {
        process.kill(id, "SIGKILL");
    } catch {
        // It ended in the meantime.
    }
}

/** Waits until no process with this mark runs. @returns those that still run after the limit */
export async function leftProcesses(mark: string, limitMs: number): Promise<MarkedProcess[]> {
    const deadline = performance.now() + limitMs;
    for (;;) {
        const left = markedProcesses(mark);
        if (left.length === 0 || performance.now() > deadline) return left;
        await delay(50);
    }
}
