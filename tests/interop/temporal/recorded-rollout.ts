import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import {
    makePlan,
    type RolloutFile,
    type RolloutPlan,
    type RolloutReport,
    readRolloutFile,
    type StackEngine,
} from "../../../lib/rollout";
import type { TemporalControl } from "../../../lib/rollout/temporal/control/temporal-control";
import type { LogEntry } from "../../../lib/rollout/temporal/flow/flow-messages";
import { FolderPlace } from "../../../lib/rollout/temporal/place/folder-place";
import { KeptRollout } from "../../../lib/rollout/temporal/place/kept-rollout";
import { cache } from "../packed-package";
import { type TemporalTools, withControl, withSdk } from "./temporal-environment";

const { RecordingEngine }: { RecordingEngine: new (folder: string, milliseconds: number) => StackEngine } =
    require("../../rollout/temporal/recording-engine.js");
const worker = path.join(__dirname, "..", "..", "rollout", "temporal", "recording-worker.js");

/** A rollout whose stacks are files, on a Temporal server: thousands of them are done in a minute. */
export class RecordedRollout {
    readonly folder: string;
    readonly rolloutFile: string;
    readonly file: RolloutFile;
    readonly plan: RolloutPlan;
    readonly #tools: TemporalTools;
    readonly #environment: NodeJS.ProcessEnv;

    private constructor(
        tools: TemporalTools,
        folder: string,
        rolloutFile: string,
        file: RolloutFile,
        plan: RolloutPlan,
        environment: NodeJS.ProcessEnv,
    ) {
        this.#tools = tools;
        this.folder = folder;
        this.rolloutFile = rolloutFile;
        this.file = file;
        this.plan = plan;
        this.#environment = environment;
    }

    /** @param waves as in a rollout file; their stacks are the rollout's */
    static async create(
        tools: TemporalTools,
        address: string,
        waves: readonly {
            readonly name: string;
            readonly stacks: readonly string[];
            readonly [key: string]: unknown;
        }[],
        temporal: object = {},
    ): Promise<RecordedRollout> {
        mkdirSync(cache, { recursive: true });
        const folder = mkdtempSync(path.join(cache, "recorded-rollout-"));
        const rolloutFile = path.join(folder, "rollout.yaml");
        const stacks = waves.flatMap((wave) => wave.stacks.map((name) => ({ name })));
        writeFileSync(path.join(folder, "Pulumi.yaml"), "name: recorded\nruntime: nodejs\n");
        writeFileSync(
            rolloutFile,
            stringify({ name: "recorded", stacks, waves, temporal: { sharedPlace: "shared", ...temporal } }),
        );
        const file = readRolloutFile(rolloutFile);
        const plan = await makePlan(file, {
            engine: new RecordingEngine(path.join(folder, "engine"), 0),
            concurrency: 10,
            createStacks: false,
            cancel: new AbortController().signal,
            now: () => new Date(),
            onPlanned: () => {},
        });
        const environment = {
            ...process.env,
            ...withSdk(tools),
            TEMPORAL_ADDRESS: address,
            HOME: folder,
            XDG_CACHE_HOME: cache,
        };
        return new RecordedRollout(tools, folder, rolloutFile, file, plan, environment);
    }

    /** Starts a worker. @param milliseconds that a deployment takes @returns when it works */
    async worker(milliseconds: number, maxConcurrent = 20): Promise<ChildProcess> {
        const args = [this.rolloutFile, path.join(this.folder, "engine"), String(milliseconds), String(maxConcurrent)];
        const child = fork(worker, args, {
            cwd: this.folder,
            env: this.#environment,
            stdio: ["ignore", "pipe", "inherit", "ipc"],
            execArgv: [],
        });
        const { stdout } = child;
        if (stdout === null) throw new Error("the worker has no output");
        for (let said = ""; !said.includes("Working for the rollout"); ) {
            const [text] = (await Promise.race([
                once(stdout, "data"),
                once(child, "exit").then(() => [undefined]),
            ])) as [Buffer | undefined];
            if (text === undefined) throw new Error(`the worker ended: ${said}`);
            said += text;
        }
        stdout.resume();
        return child;
    }

    /** A connection of its own, as a command has. */
    async control<Result>(work: (control: TemporalControl) => Promise<Result>): Promise<Result> {
        return await withControl(this.#tools, this.file, this.plan, this.#environment, work);
    }

    /** The rollout's objects in the shared place. */
    async log(): Promise<LogEntry[]> {
        const place = new FolderPlace(path.join(this.folder, "shared"));
        return (await new KeptRollout(place, this.plan.id).readLog()).flat();
    }

    async report(): Promise<RolloutReport> {
        return await this.control((control) => control.report());
    }

    /** Stacks by how often they were deployed. */
    deployments(): Map<string, number> {
        const log = path.join(this.folder, "engine", "log");
        const names = existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : [];
        const counts = new Map<string, number>();
        for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
        return counts;
    }

    dispose(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
