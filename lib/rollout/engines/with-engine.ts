import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { SessionBroker } from "../../accounts";
import { UserError } from "../../errors";
import { AutomationStackEngine } from "./automation-stack-engine";
import { EmbeddedStackEngine } from "./embedded-stack-engine";
import type { EngineCommand } from "./engine-command";
import type { StackEngine } from "./stack-engine";

const run = promisify(execFile);

export type EngineChoice = "auto" | "pulumi" | "embedded";

/**
 * Calls a function with the engine of a rollout: with `auto` the `pulumi` CLI where it is on the PATH, otherwise `pulumi-embedded`.
 * Until it ends, the processes of the engine's operations share the sessions of the roles that they assume.
 * @param embedded calls `pulumi-embedded`
 * @param environment of the engine's processes
 * @throws UserError `engine-unavailable`
 */
export async function withEngine<Result>(
    choice: EngineChoice,
    embedded: EngineCommand,
    environment: NodeJS.ProcessEnv,
    work: (engine: StackEngine) => Promise<Result>,
): Promise<Result> {
    // Where this process may not listen on loopback, each process assumes its own roles.
    const broker = await SessionBroker.start().catch(() => undefined);
    try {
        return await work(await chooseEngine(choice, embedded, { ...environment, ...broker?.environment }));
    } finally {
        await broker?.stop();
    }
}

async function chooseEngine(
    choice: EngineChoice,
    embedded: EngineCommand,
    environment: NodeJS.ProcessEnv,
): Promise<StackEngine> {
    const embeddedEngine = () => new EmbeddedStackEngine(embedded, environment);
    if (choice === "embedded") return embeddedEngine();
    const isThere = await run("pulumi", ["version"], { env: environment }).then(
        () => true,
        () => false,
    );
    if (isThere) return await AutomationStackEngine.find(environment);
    if (choice === "auto") return embeddedEngine();
    throw new UserError("engine-unavailable", "pulumi is not on the PATH");
}
