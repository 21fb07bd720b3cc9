import { isMainThread } from "node:worker_threads";
import { deferModules } from "./deferred-modules";
import { endWithEngine } from "./end-with-engine";

/**
 * Prepares a process that the engine started, before its script runs.
 *
 * The SDK must not see the preload: it looks for `--import`, `--require` and `--loader` in `process.execArgv` and, if it finds one,
 * does not compile TypeScript ES modules. NODE_OPTIONS would hide it as well, but the program's own children inherit those.
 * @param preload the file that Node preloads
 * @param more what else this kind of process needs
 */
export function prepareChild(preload: string, more: () => void = () => {}): void {
    const own = process.execArgv.indexOf(`--require=${preload}`);
    if (own >= 0) process.execArgv.splice(own, 1);
    // The program's own threads load the preload too.
    if (!isMainThread) return;
    endWithEngine();
    deferModules();
    more();
}
