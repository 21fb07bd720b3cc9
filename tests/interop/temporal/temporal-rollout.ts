import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { TestRollout } from "../../rollout/test-rollout";
import { TemporalServer, type TemporalTools, withSdk } from "./temporal-environment";

type Ended = Awaited<ReturnType<TestRollout["start"]>["ended"]>;

/** A rollout of the local cloud's accounts on a real Temporal server, with workers in processes. */
export class TemporalRollout {
    readonly #workers: { readonly child: ChildProcess; readonly ended: Promise<Ended> }[] = [];

    private constructor(
        readonly rollout: TestRollout,
        readonly server: TemporalServer,
    ) {}

    /** @param sizes how many buckets each account has */
    static async create(tools: TemporalTools, sizes: readonly number[]): Promise<TemporalRollout> {
        const rollout = await TestRollout.create(sizes);
        const server = await TemporalServer.start(tools, rollout.folder);
        rollout.environment = { ...rollout.environment, ...withSdk(tools), TEMPORAL_ADDRESS: server.address };
        return new TemporalRollout(rollout, server);
    }

    /** Writes the rollout file: two stacks in two waves, the second one after a person's consent. */
    describeTwoWaves(sharedPlace: string): void {
        const { rollout } = this;
        rollout.write({
            refresh: false,
            stacks: [rollout.stack(1), rollout.stack(2)],
            waves: [
                { name: "canary", stacks: ["account-1"], pause: "person" },
                { name: "last", stacks: ["account-2"] },
            ],
            temporal: { sharedPlace },
        });
    }

    /** Plans on this machine, in this process. */
    async plan(): Promise<void> {
        await this.rollout.plan();
    }

    /** Runs a command about the rollout, in a process. */
    async command(verb: string, ...args: string[]): Promise<Ended> {
        return await this.start(verb, ...args).ended;
    }

    start(verb: string, ...args: string[]): ReturnType<TestRollout["start"]> {
        const { engine } = this.rollout;
        this.rollout.engine = ["--engine", "temporal"];
        try {
            return this.rollout.start(verb, "rollout.yaml", ...args);
        } finally {
            this.rollout.engine = engine;
        }
    }

    /** @returns when the worker works */
    async worker(...args: string[]): Promise<ChildProcess> {
        const worker = this.rollout.start("worker", "rollout.yaml", "--engine", "embedded", ...args);
        this.#workers.push(worker);
        const { child } = worker;
        let said = "";
        for (;;) {
            const [text] = (await Promise.race([
                once(child.stderr as NonNullable<typeof child.stderr>, "data"),
                once(child, "exit").then(() => [undefined]),
            ])) as [string | undefined];
            if (text === undefined) throw new Error(`the worker ended: ${said}`);
            said += text;
            if (said.includes("Working for the rollout")) return child;
        }
    }

    async dispose(): Promise<void> {
        for (const { child } of this.#workers) child.kill("SIGKILL");
        await Promise.all(this.#workers.map(({ ended }) => ended));
        await this.server.dispose();
        await this.rollout.dispose();
    }
}
