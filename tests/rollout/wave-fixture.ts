import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
    type JournalRecord,
    makePlan,
    type RolloutFile,
    RolloutFolder,
    type RolloutReport,
    type RunOptions,
    resumeRollout,
    rolloutReport,
    runRollout,
} from "../../lib/rollout";
import { ScriptedEngine, type StackScript } from "./scripted-engine";

/** Waves over stacks whose engine is scripted: what a rollout does, without deploying anything. */
export class WaveFixture {
    readonly folder = new RolloutFolder(path.join(mkdtempSync(path.join(tmpdir(), "waves-")), "state"));
    readonly engine: ScriptedEngine;
    readonly questions: string[] = [];
    readonly seen: JournalRecord[] = [];
    /** What is answered to each question. */
    answer: (question: string) => boolean = () => true;
    /** The time that it is, in milliseconds; sleeping makes it later. */
    time = Date.parse("2027-01-01T00:00:00Z");
    readonly stop = new AbortController();
    readonly cancel = new AbortController();

    constructor(
        readonly file: RolloutFile,
        scripts: Record<string, StackScript> = {},
    ) {
        const all = file.stacks.map(
            ({ name }) => [name, scripts[name] ?? { declares: { [`${name}-bucket`]: "AES256" } }] as const,
        );
        this.engine = new ScriptedEngine(Object.fromEntries(all));
    }

    get options(): RunOptions {
        return {
            engine: this.engine,
            attendant: {
                confirm: async (question) => {
                    this.questions.push(question);
                    return this.answer(question);
                },
            },
            clock: {
                now: () => new Date(this.time),
                sleep: async (milliseconds) => {
                    this.time += milliseconds;
                },
            },
            stop: this.stop.signal,
            cancel: this.cancel.signal,
            onRecord: (record) => void this.seen.push(record),
            lockWaitMs: 0,
        };
    }

    async plan(): Promise<this> {
        const plan = await makePlan(this.file, {
            engine: this.engine,
            concurrency: 4,
            createStacks: false,
            cancel: this.cancel.signal,
            now: () => new Date(this.time),
        });
        this.folder.writePlan(plan);
        this.engine.asked.length = 0;
        this.engine.mostAtOnce = 0;
        return this;
    }

    /** Runs one stack as a job of a CI system does. */
    async job(only: string, extra: Partial<RunOptions> = {}): Promise<RolloutReport> {
        const options = { ...this.options, ...extra, only };
        const folder = this.folder.forStack(only);
        const report = await runRollout(this.file, folder, this.folder.planFile, options);
        if (report === undefined) throw new Error("The job was not confirmed");
        return report;
    }

    async run(extra: Partial<RunOptions> = {}): Promise<RolloutReport> {
        const options = { ...this.options, ...extra };
        return (await runRollout(this.file, this.folder, this.folder.planFile, options)) ?? this.report();
    }

    async resume(extra: Partial<RunOptions> = {}): Promise<RolloutReport> {
        return (await resumeRollout(this.file, this.folder, { ...this.options, ...extra })) ?? this.report();
    }

    report(): RolloutReport {
        return rolloutReport(this.file, this.folder);
    }

    dispose(): void {
        rmSync(path.dirname(this.folder.folder), { recursive: true, force: true });
    }
}

type WaveSettings = Partial<RolloutFile["waves"][number]> & { readonly stacks: readonly string[] };

/** A rollout file with these waves, whose stacks are named in them. */
export function fileOf(...waves: WaveSettings[]): RolloutFile {
    return {
        name: "waves",
        digest: "0".repeat(64),
        refresh: true,
        policyPacks: [],
        stacks: waves.flatMap(({ stacks }) =>
            stacks.map((name) => ({ name, stack: name, workDir: "nowhere", configuration: {}, tags: {} })),
        ),
        waves: waves.map(({ stacks, ...settings }, index) => ({
            name: `wave-${index + 1}`,
            groups: [stacks],
            maxConcurrent: 1,
            failureTolerance: 0,
            concurrencyMode: "soft",
            ...settings,
        })),
    };
}

export function outcomesOf({ waves }: RolloutReport): Record<string, string> {
    return Object.fromEntries(waves.flatMap(({ stacks }) => stacks.map(({ name, state }) => [name, state])));
}
