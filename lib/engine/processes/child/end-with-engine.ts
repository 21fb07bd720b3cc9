import { Worker } from "node:worker_threads";

/** How long the process's own exit handlers may take, in milliseconds. */
const graceMs = 1000;

/**
 * Runs on a thread of its own, because a program may keep the main thread busy forever. The engine holds the other end of the pipe
 * at descriptor 3; the pipe closes when the engine ends, however it ends.
 */
const watchEngine = `const { Socket } = require("node:net");
const { parentPort } = require("node:worker_threads");
const end = () => {
    parentPort.postMessage("engine ended");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), ${graceMs});
};
new Socket({ fd: 3 }).on("error", () => {}).on("close", end).resume();`;

/** Ends this process when the engine that started it ends. The SDK's processes would otherwise stay when the engine is killed. */
export function endWithEngine(): void {
    // Neither the program's --import nor NODE_OPTIONS belong on this thread.
    const watcher = new Worker(watchEngine, { eval: true, env: {}, execArgv: [] });
    watcher.on("message", () => process.exit(1));
    watcher.unref();
}
