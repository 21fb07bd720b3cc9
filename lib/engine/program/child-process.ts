import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";

/**
 * Preloaded into every child: it ends when its end of a pipe to the engine closes. The SDK's processes don't notice by themselves
 * that the engine was killed, and would stay for ever.
 */
const endWithParent = moduleUrl(`import { Socket } from "node:net";
new Socket({ fd: 3 }).on("error", () => {}).on("close", () => process.exit(1)).resume().unref();`);

/**
 * Preloaded into every child: the TypeScript compiler and npm's Arborist are loaded when the SDK first uses them, and not whenever
 * the SDK itself is. They are three quarters of what that takes, and serve nothing but the serialization of functions. Whether
 * they are there is looked up at once, since the SDK has a compiler of its own for where none is installed.
 */
const deferredModules = moduleUrl(`import Module from "node:module";
const load = Module._load;
const isDeferred = (request, from = "") =>
    /(^|[\\\\/])typescript(\\.js)?$/.test(request)
        ? /[\\\\/]pulumi[\\\\/]typescript-shim\\.js$/.test(from)
        : request === "@npmcli/arborist" && /[\\\\/]pulumi[\\\\/]runtime[\\\\/]closure[\\\\/]codePaths\\.js$/.test(from);
Module._load = function (request, parent, ...rest) {
    if (!isDeferred(request, parent?.filename)) return load.call(this, request, parent, ...rest);
    Module._resolveFilename(request, parent);
    let loaded;
    const all = () => (loaded ??= load.call(this, request, parent, ...rest));
    // What says that it is an ES module is imported as it is, without a look at all that it has.
    const get = (_target, name) => (name === "__esModule" ? true : name === "default" ? all() : all()[name]);
    return new Proxy({}, { get });
};`);

/** A module that Node can be told to load by its text, with `--import`. */
export function moduleUrl(text: string): string {
    return `data:text/javascript,${encodeURIComponent(text)}`;
}

/**
 * Starts a Node process that ends with the engine, at the latest. It has a process group of its own, so that ^C reaches the engine
 * alone.
 */
export function startNode(args: readonly string[], folder: string, environment: NodeJS.ProcessEnv): ChildProcess {
    return spawn(process.execPath, ["--import", endWithParent, "--import", deferredModules, ...args], {
        cwd: folder,
        env: environment,
        detached: true,
        stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
}

/** Calls back with each line that a child process prints, without its line end; a last line without one counts. */
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

/** Ends a child process: politely first, for good when it hasn't gone after `graceMs` milliseconds. */
export async function endChild(child: ChildProcess, graceMs: number): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
    await gone;
    clearTimeout(timer);
}
