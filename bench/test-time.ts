// Measures `npm test`: the wall time and the slowest files, which the next runs start first.
//
//     npx tsx bench/test-time.ts

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";

const root = path.join(__dirname, "..");
const heading = "## The time of `npm test`";

function table(files: readonly (readonly [string, number])[]): string {
    const rows = files.map(([file, milliseconds]) => `| \`${file}\` | ${(milliseconds / 1000).toFixed(1)} s |`);
    return ["| file | tests and hooks |", "| --- | --- |", ...rows].join("\n");
}

/** Writes a section of RESULTS.md, in the place of the one that is there. */
function writeSection(text: string): void {
    const file = path.join(__dirname, "RESULTS.md");
    const sections = readFileSync(file, "utf8")
        .trimEnd()
        .split(/\n(?=## )/);
    const others = sections.filter((section) => !section.startsWith(heading)).map((section) => section.trimEnd());
    writeFileSync(file, `${[...others, text].join("\n\n")}\n`);
}

async function main(): Promise<void> {
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
        const day = new Date().toISOString().slice(0, 10);
        const cores = availableParallelism();
        writeSection(
            [
                heading,
                "```sh\nnpx tsx bench/test-time.ts\n```",
                `On ${day}, Node ${process.versions.node}, ${cores} cores, nothing else running: **${seconds} s** of wall time. The slowest files:`,
                table(slowest.slice(0, 12)),
            ].join("\n\n"),
        );
        const listed = slowest.filter(([, milliseconds]) => milliseconds > 2000).map(([file]) => file);
        writeFileSync(path.join(root, "tests", "slowest-files.json"), `${JSON.stringify(listed, undefined, 4)}\n`);
        console.log(`npm test took ${seconds} s.`);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

void main();
