import type { LocalCloud } from "../../lib/local-cloud";
import { TestStack } from "../end-to-end/test-stack";
import type { Command, KnownRule, ModelEngine, Outcome } from "./modelled-stack";

/** The embedded engine with its processes and its files; a crash is a SIGKILL. */
export class EmbeddedModelEngine implements ModelEngine {
    readonly #stack: TestStack;

    constructor(cloud: LocalCloud) {
        this.#stack = new TestStack(cloud);
    }

    async start(): Promise<this> {
        await this.#stack.start();
        return this;
    }

    async knownRules(): Promise<ReadonlyMap<string, KnownRule>> {
        const resources = await this.#stack.resources();
        return new Map(resources.map(({ id = "", outputs }) => [id, outputs as unknown as KnownRule]));
    }

    async run(
        declared: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
        command: Command,
        crash: number | undefined,
    ): Promise<Outcome> {
        const resources = Object.entries(declared).map(([bucket, args]) => [`rule-of-${bucket}`, { bucket, ...args }]);
        this.#stack.declare(Object.fromEntries(resources));
        const [verb = "", ...flags] = command.split(" ");
        const args = [verb, "--yes", "--skip-preview", ...flags];
        const { status } = await (crash === undefined ? this.#stack.run(...args) : this.#stack.killed(crash, ...args));
        return status === null ? "crashed" : status === 0 ? "succeeded" : "failed";
    }

    async stop(): Promise<void> {
        this.#stack.remove();
    }
}
