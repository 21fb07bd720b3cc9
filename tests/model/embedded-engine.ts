import { setTimeout as delay } from "node:timers/promises";
import type { ResourceJson } from "../../lib/engine/state/checkpoint-format";
import type { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";
import type { Command, KnownRule, ModelEngine, Outcome } from "./modelled-stack";

/** The embedded engine with its processes and its files; a crash is a SIGKILL. */
export class EmbeddedModelEngine implements ModelEngine {
    readonly #stack: BucketStack;

    constructor(cloud: LocalCloud) {
        this.#stack = new BucketStack(cloud);
    }

    async start(): Promise<this> {
        await this.#stack.start();
        return this;
    }

    async knownRules(): Promise<ReadonlyMap<string, KnownRule>> {
        // A killed engine's steps are in its journal, which an export takes into account.
        const { deployment } = JSON.parse(await this.#stack.succeed("stack", "export")) as {
            deployment: { resources?: ResourceJson[] } | null;
        };
        const resources = (deployment?.resources ?? []).filter(({ type }) => type.endsWith(":BucketEncryption"));
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
        const { status } = await (crash === undefined
            ? this.#stack.command(...args)
            : this.#stack.killed(crash, ...args));
        // The provider of a killed engine ends a moment later.
        if (crash !== undefined) await delay(500);
        return status === null ? "crashed" : status === 0 ? "succeeded" : "failed";
    }

    async stop(): Promise<void> {
        this.#stack.remove();
    }
}
