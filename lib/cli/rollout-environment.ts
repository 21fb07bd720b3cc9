import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Clock, type EngineCommand, processCommand } from "../rollout";
import type { CommandIo } from "./command-io";

export const clock: Clock = {
    now: () => new Date(),
    sleep: async (milliseconds, signal) => {
        await delay(milliseconds, undefined, { signal }).catch(() => undefined);
    },
};

/** Writes lines about the work to standard error. */
export const sayTo =
    ({ stderr }: CommandIo) =>
    (text: string): void =>
        void stderr.write(`${text}\n`);

/** The compiled command: it runs in another process, where TypeScript is not loaded. */
const embeddedScript = path.join(__dirname, "..", "..", "dist", "cli", "pulumi-embedded.js");

/** How `pulumi-embedded` is called; what runs it in this process is loaded only for that. */
export function embeddedCommand(io: CommandIo): EngineCommand {
    if (!io.inProcess) return processCommand(embeddedScript);
    const { engineInProcess }: typeof import("./engine-in-process") = require("./engine-in-process");
    return engineInProcess(io);
}
