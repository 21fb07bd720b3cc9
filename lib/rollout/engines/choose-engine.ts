import { spawnSync } from "node:child_process";
import { SessionBroker } from "../../accounts";
import { UserError } from "../../errors";
import { AutomationStackEngine } from "./automation-stack-engine";
import { EmbeddedStackEngine } from "./embedded-stack-engine";
import type { StackEngine } from "./stack-engine";

export type EngineChoice = "auto" | "pulumi" | "embedded";

/**
 * Works with the engine of a rollout: with `auto` the `pulumi` CLI where it is on the PATH, otherwise `pulumi-embedded`. Until
 * the work is done, the processes of the engine's operations share the sessions of the roles that they assume.
 * @param embeddedScript the file of the command `pulumi-embedded`
 * @throws UserError `engine-unavailable`
 */
export async function withEngine<Result>(
    choice: EngineChoice,
    embeddedScript: string,
    work: (engine: StackEngine) => Promise<Result>,
): Promise<Result> {
    // Where nobody may listen on loopback, each process assumes its roles by itself.
    const broker = await SessionBroker.start().catch(() => undefined);
    try {
        return await work(await chooseEngine(choice, embeddedScript, broker?.environment ?? {}));
    } finally {
        await broker?.stop();
    }
}

async function chooseEngine(
    choice: EngineChoice,
    embeddedScript: string,
    environment: Readonly<Record<string, string>>,
): Promise<StackEngine> {
    const embedded = () => new EmbeddedStackEngine(embeddedScript, environment);
    if (choice === "embedded") return embedded();
    const { status } = spawnSync("pulumi", ["version"], { stdio: "ignore" });
    if (status === 0) return await AutomationStackEngine.find(environment);
    if (choice === "auto") return embedded();
    throw new UserError("engine-unavailable", "There is no pulumi on the PATH");
}
