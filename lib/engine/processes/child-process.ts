import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** The task of a process: a stack's program, or a service of the SDK (a provider host or a policy pack). */
export type ChildKind = "program" | "service";

/** Children run compiled code, also where this file is loaded from `lib` by tsx. */
const childFolder = join(__dirname.replace(/([\\/])lib([\\/]engine[\\/]processes)$/, "$1dist$2"), "child");

/**
 * Starts a Node process that ends when the engine ends, at the latest. It has its own process group, so ^C reaches the engine only.
 * @param script an absolute path, with its arguments
 * @param nodeArguments Node's own arguments, that the user chose
 */
export function startNode(
    kind: ChildKind,
    script: readonly string[],
    options: {
        readonly folder: string;
        readonly environment: NodeJS.ProcessEnv;
        readonly nodeArguments?: readonly string[];
    },
): ChildProcess {
    const { folder, environment, nodeArguments = [] } = options;
    return spawn(
        process.execPath,
        [`--require=${join(childFolder, `${kind}-preload.js`)}`, ...nodeArguments, ...script],
        {
            cwd: folder,
            env: environment,
            detached: true,
            // The fourth is a pipe, which closes when the engine ends.
            stdio: ["ignore", "pipe", "pipe", "pipe"],
        },
    );
}

/**
 * Starts an executable that ends when the engine ends, if it is a Node script or watches the engine itself, as Pulumi's SDKs for other
 * languages do. It has its own process group too.
 */
export function startExecutable(
    executable: string,
    args: readonly string[],
    { folder, environment }: { readonly folder: string; readonly environment: NodeJS.ProcessEnv },
): ChildProcess {
    const preload = `--require=${JSON.stringify(join(childFolder, "plugin-preload.js"))}`;
    const nodeOptions = [environment.NODE_OPTIONS ?? "", preload].join(" ").trim();
    return spawn(executable, [...args], {
        cwd: folder,
        env: { ...environment, NODE_OPTIONS: nodeOptions },
        detached: true,
        // Windows runs batch files by the shell alone.
        shell: /\.cmd$/i.test(executable),
        stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
}

/** Sends a signal to a child and to what it started. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
    try {
        // A child's group has the id of the child; Windows has no groups.
        if (process.platform !== "win32" && child.pid !== undefined) process.kill(-child.pid, signal);
        else child.kill(signal);
    } catch {
        child.kill(signal);
    }
}

/** Calls back with each line of a stream, without the line end. A last line may lack a line end. */
export function eachLine(stream: Readable | null, onLine: (line: string) => void): void {
    if (stream === null) return;
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) onLine(line.replace(/\r$/, ""));
    });
    stream.on("end", () => {
        if (rest !== "") onLine(rest);
        rest = "";
    });
}

/** Ends a child process: by SIGINT first, by SIGKILL when it still runs after `graceMs` milliseconds. */
export async function endChild(child: ChildProcess, graceMs: number): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    killGroup(child, "SIGINT");
    const timer = setTimeout(() => killGroup(child, "SIGKILL"), graceMs);
    await gone;
    clearTimeout(timer);
}
