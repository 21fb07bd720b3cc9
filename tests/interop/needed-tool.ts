import { spawnSync } from "node:child_process";
import { skipBecause } from "../skip-because";

/** Why something that is installed for these tests is missing here. */
export class ToolUnavailable extends Error {}

/**
 * Starts what a test needs. Without it the test is skipped, with the reason; in CI, where a skipped test would be a silent hole, it fails.
 */
export async function needed<Tool>(test: Mocha.Context, start: () => Promise<Tool>): Promise<Tool> {
    try {
        return await start();
    } catch (error) {
        if (!(error instanceof ToolUnavailable) || process.env.CI !== undefined) throw error;
        return skipBecause(test, error.message);
    }
}

/**
 * Skips a test, with the reason, where the PATH lacks a command. No registry has the CLI and its language hosts, nor rsync, so CI runs without
 * them; without another command it fails.
 */
export async function needCommands(test: Mocha.Context, ...commands: readonly string[]): Promise<void> {
    const missing = commands.filter((command) => spawnSync(command, ["--version"]).error !== undefined);
    const ofNoRegistry = missing.filter((command) => /^(pulumi\b|rsync$)/.test(command));
    if (ofNoRegistry.length > 0) skipBecause(test, `there is no ${ofNoRegistry.join(" and no ")} on the PATH`);
    await needed(test, async () => {
        if (missing.length > 0) throw new ToolUnavailable(`there is no ${missing.join(" and no ")} on the PATH`);
    });
}
