import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";

/** In milliseconds; a pipeline that takes longer has hung. */
const longest = 240_000;

/** What a run of a pipeline came to. */
export interface PipelineRun {
    readonly status: number | null;
    readonly output: string;
}

/** Runs a command that runs a project's pipeline to its end. The jobs' commands are killed with it. */
export async function pipelineRun(
    command: string,
    args: readonly string[],
    { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<PipelineRun> {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const end = setTimeout(() => process.kill(-(child.pid as number), "SIGKILL"), longest);
    const [output, errors, [status]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "close"),
    ]);
    clearTimeout(end);
    return { status: status as number | null, output: output + errors };
}

/** The PATH of a project's jobs, which find the project's own commands first. */
export const jobPath = (folder: string, { PATH = process.env.PATH }: NodeJS.ProcessEnv): string =>
    `${path.join(folder, "bin")}${path.delimiter}${PATH}`;
