import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bucketEncryption } from "../../../lib/cli/bucket-encryption-command";
import {
    joinReports,
    readResult,
    readRolloutFile,
    reportText,
    resumeRollout,
    rolloutReport,
} from "../../../lib/rollout";
import { isLocked } from "../../../lib/rollout/journal/rollout-lock";
import { fileOf, WaveFixture } from "../../rollout/wave-fixture";
import { type FuzzReader, type FuzzTarget, runCommand } from "../fuzz-target";
import { fromFile } from "./documents";

const root = path.join(__dirname, "..", "..", "..");
const formats = ["html", "markdown", "json", "junit"] as const;

const rolloutFiles = (): string[] => [
    readFileSync(path.join(root, "examples", "multi-account", "rollout.yaml"), "utf8"),
    'name: all\nworkDir: .\nrefresh: false\npolicyPacks: [./pack]\nstacks:\n  - { name: a, stack: dev, workDir: ./a, region: cn-hangzhou, tags: { stage: canary } }\n  - { name: b, account: "1000000000000002", configuration: { x: [1, 2], y: { z: true } } }\nwaves:\n  - { name: one, stacks: [a], maxConcurrent: 2, failureTolerance: 50%, concurrencyMode: strict, pause: 10m }\n  - { name: two, tags: { stage: "*" }, stacks: [b], maxConcurrent: 100%, pause: confirm }\n',
];

/** A finished rollout whose files are replaced by inputs. */
async function finished(): Promise<WaveFixture> {
    const fixture = await new WaveFixture(fileOf({ stacks: ["a", "b"] }, { stacks: ["c"] })).plan();
    await fixture.run();
    return fixture;
}

async function sampleOf(file: (fixture: WaveFixture) => string): Promise<readonly string[]> {
    const fixture = await finished();
    try {
        return [readFileSync(file(fixture), "utf8")];
    } finally {
        fixture.dispose();
    }
}

function withFixture(
    file: (fixture: WaveFixture) => string,
    read: (fixture: WaveFixture, input: Buffer) => unknown,
): () => Promise<FuzzReader> {
    return async () => {
        const fixture = await finished();
        const name = file(fixture);
        const former = existsSync(name) ? readFileSync(name) : undefined;
        return {
            async read(input) {
                writeFileSync(name, input);
                try {
                    return await read(fixture, input);
                } finally {
                    if (former === undefined) rmSync(name, { force: true });
                }
            },
            close: () => fixture.dispose(),
        };
    };
}

function reported({ file, folder }: WaveFixture, input: Buffer): string {
    const report = rolloutReport(file, folder);
    return reportText(formats[input.length % formats.length] ?? "json", report);
}

/** Files of a rollout: its own, and what it keeps. */
export const rolloutTargets: readonly FuzzTarget[] = [
    { name: "rollout-file", samples: rolloutFiles, open: fromFile("rollout.yaml", (file) => readRolloutFile(file)) },
    {
        name: "rollout-project",
        samples: () => [
            "name: shop\nruntime: nodejs\n",
            readFileSync(path.join(root, "examples", "multi-account", "Pulumi.yaml"), "utf8"),
        ],
        open: fromFile(
            "Pulumi.yaml",
            (_file, folder) => readRolloutFile(path.join(folder, "rollout.yaml")),
            (folder) =>
                writeFileSync(
                    path.join(folder, "rollout.yaml"),
                    "name: all\nworkDir: .\nstacks:\n  - { name: a, stack: dev }\n  - { name: b, stack: prod }\nwaves:\n  - { name: one, stacks: [a, b] }\n",
                ),
        ),
    },
    {
        name: "rollout-plan",
        samples: () => sampleOf(({ folder }) => folder.planFile),
        open: withFixture(({ folder }) => folder.planFile, reported),
    },
    {
        name: "rollout-journal",
        samples: () => sampleOf(({ folder }) => folder.journalFile),
        open: withFixture(
            ({ folder }) => folder.journalFile,
            async (fixture, input) => {
                reported(fixture, input);
                // An engine that deploys nothing does the stacks that the journal lacks.
                return await resumeRollout(fixture.file, fixture.folder, fixture.options);
            },
        ),
    },
    {
        name: "rollout-result",
        samples: async () => {
            const fixture = await finished();
            try {
                return [reportText("json", fixture.report())];
            } finally {
                fixture.dispose();
            }
        },
        open: fromFile("result.json", (file) => {
            const report = joinReports(undefined, [readResult(file)]);
            return formats.map((format) => reportText(format, report));
        }),
    },
    {
        name: "rollout-lock",
        samples: () => [
            JSON.stringify({
                pid: 999_999_999,
                host: "elsewhere",
                hostname: "elsewhere",
                started: "1",
                at: "2026-01-01T00:00:00Z",
                user: "someone",
                by: "someone",
            }),
        ],
        open: fromFile("rollout.lock", (_file, folder) => isLocked(folder)),
    },
    {
        name: "rollout-abort",
        samples: () => [JSON.stringify({ reason: "the key was withdrawn", by: "someone" })],
        open: withFixture(({ folder }) => path.join(folder.folder, "abort.json"), reported),
    },
    {
        name: "rollout-command",
        samples: rolloutFiles,
        open: fromFile("rollout.yaml", (file, folder) =>
            runCommand(bucketEncryption, ["rollout", "status", file], folder),
        ),
    },
];
