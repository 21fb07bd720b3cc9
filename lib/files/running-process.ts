import { readFileSync } from "node:fs";

/** Identifies a process, also after its id was used again. */
export interface ProcessIdentity {
    readonly pid: number;
    /** When it started, in the kernel's clock ticks; undefined where the system does not tell. */
    readonly started?: string;
}

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
    const started = processStatus(process.pid)?.started;
    return { pid: process.pid, ...(started === undefined ? {} : { started }) };
}

/** Whether a process of this machine still runs. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
    try {
        process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
    const found = processStatus(pid);
    if (found === undefined) return true;
    // A killed process stays listed, as a zombie, until its parent asks for its status.
    return found.state !== "Z" && (started === undefined || started === found.started);
}

/** State and start time from /proc/<pid>/stat (proc(5)); undefined where there is no such file. */
function processStatus(
    pid: number,
): { readonly state: string | undefined; readonly started: string | undefined } | undefined {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return { state: fields[0], started: fields[19] };
    } catch {
        return undefined;
    }
}
