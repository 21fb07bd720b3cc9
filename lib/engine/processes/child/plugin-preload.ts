import { fstatSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { endWithEngine } from "./end-with-engine";

// The engine adds this file to NODE_OPTIONS of a provider plugin. What the plugin itself starts must not inherit that.
process.env.NODE_OPTIONS = process.env.NODE_OPTIONS?.replace(/\s*--require="[^"]*plugin-preload\.js"/, "");
if (isMainThread && isPipe(3)) endWithEngine();

function isPipe(descriptor: number): boolean {
    try {
        const found = fstatSync(descriptor);
        return found.isFIFO() || found.isSocket();
    } catch {
        return false;
    }
}
