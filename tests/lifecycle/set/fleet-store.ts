import { packMembers, type ReachableTarget } from "../../../lib/declaration";
import { ServiceError } from "../../../lib/errors";
import type { KeyRequest, LifecyclePorts } from "../../../lib/lifecycle";
import {
    BucketEncryptionSetLifecycle,
    type SetLifecycleOptions,
} from "../../../lib/lifecycle/set/bucket-encryption-set-lifecycle";
import type { ObservedRule, ServerSideEncryptionRule } from "../../../lib/rule";
import type { EncryptionStore, KeyLookup } from "../../../lib/stores";
import { ossStoreFamily } from "../../../lib/stores/oss/oss-store-family";

type Method = "get" | "put" | "delete" | "prove";

export const members = (...names: string[]) => packMembers(new Map(names.map((name) => [name, {}])));
export const numbered = (count: number) => Array.from({ length: count }, (_, n) => `b-${String(n).padStart(3, "0")}`);

/** What OSS and its client say of a request that failed. */
export const denied = (kind: ConstructorParameters<typeof ServiceError>[0] = "access-denied") =>
    new ServiceError(kind, `it says ${kind}`, {});

/** Does work by a clock on which a minute passes between any two readings. */
export async function whileTimeFlies<T>(work: () => Promise<T>): Promise<T> {
    const { now } = performance;
    let time = now.call(performance);
    performance.now = () => {
        time += 60_000;
        return time;
    };
    try {
        return await work();
    } finally {
        performance.now = now;
    }
}

/** A store of many buckets in memory, and a set's lifecycle on it. */
export class FleetStore implements EncryptionStore {
    /** The rule of each bucket; a bucket that is not in it is not there. */
    readonly rules: Map<string, ObservedRule | undefined>;
    /** What requests end with, by method and bucket, such as `put b-001`. */
    readonly failures = new Map<string, Error>();
    readonly requests: string[] = [];
    readonly targets: ReachableTarget[] = [];
    readonly notices: string[] = [];
    /** How many buckets' owners were asked for at once, each time. */
    prepared = 0;
    keyLookup: KeyLookup | undefined;
    readonly keyRequests: KeyRequest[] = [];
    /** Requests that were under way at the same time, at most. */
    mostAtOnce = 0;
    #atOnce = 0;

    constructor(...buckets: string[]) {
        this.rules = new Map(buckets.map((bucket) => [bucket, undefined]));
    }

    set(options: Partial<SetLifecycleOptions> = {}): BucketEncryptionSetLifecycle {
        return new BucketEncryptionSetLifecycle({
            ports: this.ports(),
            notice: (text) => this.notices.push(text),
            prepare: async () => {
                this.prepared += 1;
            },
            ...options,
        });
    }

    ports(): LifecyclePorts {
        return {
            families: { oss: ossStoreFamily },
            settings: () => ({}),
            open: (target) => {
                this.targets.push(target);
                return this;
            },
            notice: () => undefined,
            lookUpKey: async (request) => {
                this.keyRequests.push(request);
                return this.keyLookup;
            },
            wait: () => new Promise(setImmediate),
        };
    }

    /** How many requests of each method were made. */
    count(method: Method): number {
        return this.requests.filter((request) => request.startsWith(method)).length;
    }

    async getRule(bucket: string): Promise<ObservedRule> {
        await this.#request("get", bucket);
        const rule = this.rules.get(bucket);
        if (rule === undefined) throw denied("rule-not-found");
        return rule;
    }

    async putRule(bucket: string, rule: ServerSideEncryptionRule): Promise<void> {
        await this.#request("put", bucket);
        this.rules.set(bucket, rule);
    }

    async deleteRule(bucket: string): Promise<void> {
        await this.#request("delete", bucket);
        this.rules.set(bucket, undefined);
    }

    async encryptProof(bucket: string): Promise<ObservedRule | undefined> {
        await this.#request("prove", bucket);
        return this.rules.get(bucket);
    }

    regionOf(): string | undefined {
        return undefined;
    }

    async #request(method: Method, bucket: string): Promise<void> {
        this.requests.push(`${method} ${bucket}`);
        this.#atOnce += 1;
        this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
        await new Promise(setImmediate);
        this.#atOnce -= 1;
        const failure = this.failures.get(`${method} ${bucket}`);
        if (failure !== undefined) throw failure;
        if (!this.rules.has(bucket)) throw denied("bucket-not-found");
    }
}
