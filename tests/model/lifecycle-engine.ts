import { staticCredentials } from "../../lib/accounts";
import { notOutputs, type Properties, UnfinishedResource } from "../../lib/declaration";
import { BucketEncryptionLifecycle } from "../../lib/lifecycle";
import type { LocalCloud } from "../../lib/local-cloud";
import { ossStoreFamily } from "../../lib/stores/oss/oss-store-family";
import { OssStores } from "../../lib/stores/oss/oss-stores";
import type { Command, KnownRule, ModelEngine, Outcome } from "./modelled-stack";

interface Entry {
    inputs: Properties;
    outputs: Properties;
    /** The engine's `initErrors`: created or updated, and not ready. */
    isUnfinished: boolean;
}

class Crash extends Error {}

/**
 * What an engine does with resources and their state, without processes: checks, diffs and steps in its order, partial
 * failures as the real one keeps them (a failed update keeps new outputs and old inputs), and nothing saved after a crash.
 */
export class LifecycleEngine implements ModelEngine {
    readonly #state = new Map<string, Entry>();
    readonly #stores: OssStores;
    readonly #target: { readonly region: string; readonly endpoint: string };
    #lifecycle: BucketEncryptionLifecycle;
    #stepsLeft = Number.POSITIVE_INFINITY;

    constructor(cloud: LocalCloud) {
        this.#target = { region: "cn-hangzhou", endpoint: cloud.url };
        const keys = { accessKeyId: "local-key-id", accessKeySecret: "local-key-secret" };
        this.#stores = new OssStores(staticCredentials(keys), {
            attempts: 3,
            firstDelayMilliseconds: 1,
            longestDelayMilliseconds: 1,
        });
        this.#lifecycle = this.#newProcess();
    }

    async knownRules(): Promise<ReadonlyMap<string, KnownRule>> {
        return new Map([...this.#state].map(([bucket, { outputs }]) => [bucket, outputs as unknown as KnownRule]));
    }

    async run(
        declared: Readonly<Record<string, Properties>>,
        command: Command,
        crash: number | undefined,
    ): Promise<Outcome> {
        this.#lifecycle = this.#newProcess();
        this.#stepsLeft = crash === undefined ? Number.POSITIVE_INFINITY : Math.floor(crash / 800);
        try {
            const refreshed = command.includes("refresh") ? await this.#refresh() : true;
            if (!refreshed || command === "refresh") return refreshed ? "succeeded" : "failed";
            if (command !== "destroy" && !(await this.#deploy(declared))) return "failed";
            const kept = command === "destroy" ? {} : declared;
            return (await this.#delete((bucket) => !(bucket in kept))) ? "succeeded" : "failed";
        } catch (error) {
            if (error instanceof Crash) return "crashed";
            throw error;
        }
    }

    async stop(): Promise<void> {
        this.#stores.close();
    }

    #newProcess(): BucketEncryptionLifecycle {
        const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 1));
        return new BucketEncryptionLifecycle(
            {
                families: { oss: ossStoreFamily },
                settings: () => ({}),
                open: (target) => this.#stores.at(target),
                lookUpKey: async () => undefined,
                notice: () => {},
                wait,
            },
            {
                confirmation: { firstMilliseconds: 1, longestMilliseconds: 1, totalMilliseconds: 3 },
                foresightMilliseconds: 0,
            },
        );
    }

    async #refresh(): Promise<boolean> {
        let isKnown = true;
        for (const [bucket, { outputs }] of [...this.#state]) {
            const outcome = await settled(this.#lifecycle.read(bucket, outputs));
            if (outcome.failure !== undefined) isKnown = false;
            else if (outcome.value === undefined) this.#state.delete(bucket);
            else {
                const read: Properties = { ...outcome.value };
                this.#state.set(bucket, { inputs: notOutputs(read), outputs: read, isUnfinished: false });
            }
        }
        return isKnown;
    }

    async #deploy(declared: Readonly<Record<string, Properties>>): Promise<boolean> {
        for (const [bucket, args] of Object.entries(declared)) {
            const before = this.#state.get(bucket);
            const { inputs, issues, declaration } = this.#lifecycle.check({ ...args, bucket, ...this.#target });
            const ahead = before === undefined && declaration ? await this.#lifecycle.foresee(declaration) : [];
            if (issues.length + ahead.length > 0) return false;
            const changed = before && this.#lifecycle.diff(before.outputs, inputs).changed.length > 0;
            if (before !== undefined && !changed && !before.isUnfinished) {
                before.inputs = inputs;
                continue;
            }
            const work = before ? this.#lifecycle.update(before.outputs, inputs) : this.#lifecycle.create(inputs);
            const { value, failure } = await settled(work);
            this.#step();
            if (value !== undefined) this.#state.set(bucket, { inputs, outputs: { ...value }, isUnfinished: false });
            else if (failure instanceof UnfinishedResource) {
                const outputs = { ...failure.state };
                this.#state.set(bucket, { inputs: before?.inputs ?? inputs, outputs, isUnfinished: true });
            }
            if (failure !== undefined) return false;
        }
        return true;
    }

    async #delete(isGone: (bucket: string) => boolean): Promise<boolean> {
        let isDone = true;
        for (const [bucket, { outputs }] of [...this.#state].filter(([name]) => isGone(name))) {
            const { failure } = await settled(this.#lifecycle.remove(bucket, outputs));
            this.#step();
            if (failure === undefined) this.#state.delete(bucket);
            else isDone = false;
        }
        return isDone;
    }

    /** Dies after the work of a step and before it is saved. */
    #step(): void {
        if (this.#stepsLeft-- <= 0) throw new Crash();
    }
}

async function settled<T>(work: Promise<T>): Promise<{ value?: T; failure?: Error }> {
    try {
        return { value: await work };
    } catch (failure) {
        return { failure: failure as Error };
    }
}
