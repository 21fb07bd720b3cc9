import { spawnSync } from "node:child_process";
import { UserError } from "../../errors";
import { AutomationStackEngine } from "./automation-stack-engine";
import { EmbeddedStackEngine } from "./embedded-stack-engine";
import type { StackEngine } from "./stack-engine";

export type EngineChoice = "auto" | "pulumi" | "embedded";

/**
 * The engine of a rollout: with `auto` the `pulumi` CLI where it is on the PATH, otherwise `pulumi-embedded`.
 * @param embeddedScript the file of the command `pulumi-embedded`
 * @throws UserError `engine-unavailable`
 */
export async function chooseEngine(choice: EngineChoice, embeddedScript: string): Promise<StackEngine> {
    if (choice === "embedded") return new EmbeddedStackEngine(embeddedScript);
    const { status } = spawnSync("pulumi", ["version"], { stdio: "ignore" });
    if (status === 0) return await AutomationStackEngine.find();
    if (choice === "auto") return new EmbeddedStackEngine(embeddedScript);
    throw new UserError("engine-unavailable", "There is no pulumi on the PATH");
}
