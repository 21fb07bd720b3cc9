import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { LogEntry } from "../../../lib/rollout/temporal/flow/flow-messages";
import { skipBecause } from "../../skip-because";
import { freePort } from "../free-port";
import { needed } from "../needed-tool";
import { cache } from "../packed-package";
import { type TemporalTools, temporalTools, withSdk } from "./temporal-environment";

const days = 24 * 3600 * 1000;
/** Gives a process a network of its own, with loopback alone. */
const alone = ["-n", "sh", "-c", 'ip link set lo up && exec "$0" "$@"'];

describe("a rollout on Temporal that pauses for 90 days", function () {
    this.timeout(240_000);
    let tools: TemporalTools;
    before(async function () {
        // The server that skips time listens on all interfaces, and nothing of ours may be reached from outside.
        const { status } = spawnSync("unshare", [...alone, "true"], { stdio: "ignore" });
        if (status !== 0) skipBecause(this, "a network of its own cannot be made here");
        tools = await needed(this, temporalTools);
    });

    it("continues when they are over", async () => {
        const folder = mkdtempSync(path.join(tmpdir(), "long-pause-"));
        try {
            const script = path.join(__dirname, "long-pause.js");
            const args = [script, tools.timeSkippingServer, String(await freePort()), folder];
            const { stdout } = await promisify(execFile)("unshare", [...alone, process.execPath, ...args], {
                cwd: path.dirname(tools.modules),
                env: { ...process.env, ...withSdk(tools), XDG_CACHE_HOME: cache },
            });
            const log = JSON.parse(stdout) as LogEntry[];
            const timeOf = (kind: string): number => Date.parse(log.find((entry) => entry.kind === kind)?.at ?? "");
            expect(timeOf("pause-ended") - timeOf("paused")).to.be.within(90 * days, 91 * days);
            expect(log.at(-1)?.kind).to.equal("completed");
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});
