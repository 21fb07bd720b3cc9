import { spawnSync } from "node:child_process";

/** Skips a test, with the reason, where the PATH has no `pulumi`. No registry has the CLI, so CI runs without it. */
export function needPulumi(test: Mocha.Context): void {
    if (spawnSync("pulumi", ["version"]).status === 0) return;
    console.warn("    skipped: there is no pulumi on the PATH");
    test.skip();
}
