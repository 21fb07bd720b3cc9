// The engine alone: deployments of resources whose provider does nothing: npx tsx bench/engine.ts [sizes...]
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { measure } from "./measured-command";

const root = path.join(__dirname, "..");
const operations: readonly (readonly [string, readonly string[]])[] = [
    ["preview", ["preview"]],
    ["up", ["up", "--yes", "--skip-preview"]],
    ["up without changes", ["up", "--yes", "--skip-preview", "--expect-no-changes"]],
    ["refresh", ["refresh", "--yes", "--skip-preview"]],
    ["destroy", ["destroy", "--yes", "--skip-preview"]],
];

async function deployments(count: number): Promise<void> {
    const work = mkdtempSync(path.join(tmpdir(), "bench-engine-"));
    try {
        const program = path.join(work, "program");
        cpSync(path.join(root, "tests", "engine", "programs", "many"), program, { recursive: true });
        symlinkSync(path.join(root, "node_modules"), path.join(program, "node_modules"));
        mkdirSync(path.join(work, "state"));
        const env = {
            ...process.env,
            COUNT: String(count),
            PULUMI_HOME: path.join(work, "home"),
            PULUMI_BACKEND_URL: pathToFileURL(path.join(work, "state")).href,
            PULUMI_CONFIG_PASSPHRASE: "bench",
        };
        const engine = [process.execPath, path.join(root, "dist", "cli", "pulumi-embedded.js")];
        await measure([...engine, "stack", "init", "bench", "--cwd", program], env);
        for (const [title, args] of operations) {
            const { seconds, peakMb } = await measure([...engine, ...args, "--stack", "bench", "--cwd", program], env);
            const cells = [
                String(count).padStart(5),
                title.padEnd(18),
                seconds.toFixed(1).padStart(6),
                peakMb.toFixed(0).padStart(6),
            ];
            console.log(`| ${cells.join(" | ")} |`);
        }
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
}

async function main(sizes: readonly number[]): Promise<void> {
    console.log("| count | operation          |      s | peak MB |");
    console.log("|------:|:-------------------|-------:|-------:|");
    for (const size of sizes) await deployments(size);
}

const given = process.argv.slice(2).map(Number);
main(given.length > 0 ? given : [1, 300, 1000, 5000]).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
