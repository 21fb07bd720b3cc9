import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { table } from "./results-file";

const root = path.join(__dirname, "..");

/** Measures `npm test`: the wall time and the slowest files, which the next runs start first. */
export async function testTime(): Promise<string> {
    const folder = mkdtempSync(path.join(tmpdir(), "test-time-"));
    try {
        const times = path.join(folder, "times.json");
        const begun = performance.now();
        const child = spawn("npm", ["test"], {
            cwd: root,
            stdio: "inherit",
            env: { ...process.env, TEST_TIMES: times },
        });
        const [status] = await once(child, "close");
        const seconds = Math.round((performance.now() - begun) / 1000);
        if (status !== 0) throw new Error(`npm test ended with ${status}`);
        const measured: Record<string, number> = JSON.parse(readFileSync(times, "utf8"));
        const slowest = Object.entries(measured).sort(([, a], [, b]) => b - a);
        const listed = slowest.filter(([, milliseconds]) => milliseconds > 2000).map(([file]) => file);
        writeFileSync(path.join(root, "tests", "slowest-files.json"), `${JSON.stringify(listed, undefined, 4)}\n`);
        const rows = slowest.slice(0, 12).map(([file, ms]) => [`\`${file}\``, `${(ms / 1000).toFixed(1)} s`]);
        return [
            `Nothing else running: **${seconds} s** of wall time. The slowest files:`,
            table(["file", ">tests and hooks"], rows),
        ].join("\n\n");
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
