import { type Declaration, DeclarationParser, type Properties, type ReachableTarget } from "../../lib/declaration";
import { ServiceError } from "../../lib/errors";
import {
    BucketEncryptionLifecycle,
    type KeyRequest,
    type LifecycleLimits,
    type LifecyclePorts,
} from "../../lib/lifecycle";
import type { ObservedRule, ServerSideEncryptionRule, StoreCapabilities } from "../../lib/rule";
import type { EncryptionStore, KeyLookup, StoreFamily } from "../../lib/stores";
import { ossStoreFamily } from "../../lib/stores/oss/oss-store-family";

export const bucket = "example-logs";

/** A store of one bucket whose every step a test can bend. Time passes only by waiting. */
export class ScriptedStore implements EncryptionStore {
    rule: ObservedRule | undefined;
    /** Readings after each write that still show what was there before. */
    lateBy = 0;
    /** Requests that find no bucket yet. */
    invisibleFor = 0;
    /** The results of the next requests of a kind, instead of the work or after it. */
    readonly failures: { on: "get" | "put" | "delete" | "prove"; error: Error; workDone?: boolean }[] = [];
    /** How an object that is written now comes back encrypted; as the rule says unless set. */
    objectEncryption: { readonly shown: ObservedRule | undefined } | undefined;
    /** The region that its answers named, if they named one. */
    foundIn: string | undefined;
    readonly requests: string[] = [];
    readonly waits: number[] = [];
    /** Once it is aborted, no wait continues. */
    readonly cancelling = new AbortController();
    readonly notices: string[] = [];
    readonly targets: ReachableTarget[] = [];
    /** The region in the settings. */
    region: string | undefined = "cn-hangzhou";
    /** KMS's answer about every key; absent if it must not be asked. */
    keyLookup: KeyLookup | undefined;
    readonly keyRequests: KeyRequest[] = [];
    /** Capabilities that differ from OSS. */
    capabilities: Partial<StoreCapabilities> = {};
    #shown: { rule: ObservedRule | undefined; for: number } | undefined;

    lifecycle(limits?: Partial<LifecycleLimits>): BucketEncryptionLifecycle {
        return new BucketEncryptionLifecycle(this.ports(), limits);
    }

    /** What a check makes of declared properties that are right. */
    declaration(declared: Properties): Declaration {
        const { declaration, issues } = new DeclarationParser(this.ports()).parseDeclaration(declared);
        if (declaration === undefined) throw new Error(JSON.stringify(issues));
        return declaration;
    }

    ports(): LifecyclePorts {
        const settings = this.region === undefined ? {} : { region: { value: this.region, source: "the test" } };
        const family = (): StoreFamily => ({
            ...ossStoreFamily,
            capabilities: () => ({ ...ossStoreFamily.capabilities(), ...this.capabilities }),
        });
        return {
            families: { oss: family(), other: family() },
            settings: () => settings,
            open: (target) => {
                this.targets.push(target);
                return this;
            },
            notice: (text) => this.notices.push(text),
            lookUpKey: async (request) => {
                this.keyRequests.push(request);
                return this.keyLookup;
            },
            wait: async (milliseconds) => {
                this.cancelling.signal.throwIfAborted();
                this.waits.push(milliseconds);
                await new Promise(setImmediate); // later than every answer
            },
        };
    }

    async getRule(name: string): Promise<ObservedRule> {
        this.#begin("get", name);
        const shown = this.#shown !== undefined && this.#shown.for-- > 0 ? this.#shown.rule : this.rule;
        if (shown === undefined) throw new ServiceError("rule-not-found", "none", { bucket: name });
        return shown;
    }

    async putRule(name: string, rule: ServerSideEncryptionRule): Promise<void> {
        this.#change("put", name, rule);
    }

    async deleteRule(name: string): Promise<void> {
        this.#change("delete", name, this.capabilities.serviceRule);
    }

    async encryptProof(name: string): Promise<ObservedRule | undefined> {
        this.#begin("prove", name);
        return this.objectEncryption === undefined ? this.rule : this.objectEncryption.shown;
    }

    regionOf(): string | undefined {
        return this.foundIn;
    }

    #change(kind: "put" | "delete", name: string, rule: ObservedRule | undefined): void {
        const before = this.rule;
        this.#begin(kind, name, () => {
            this.rule = rule;
            this.#shown = { rule: before, for: this.lateBy };
        });
    }

    #begin(kind: "get" | "put" | "delete" | "prove", name: string, work = () => {}): void {
        this.requests.push(kind);
        if (name !== bucket) throw new Error(`there is no bucket ${name} here`);
        if (this.invisibleFor-- > 0) throw new ServiceError("bucket-not-found", "no bucket", { bucket: name });
        const index = this.failures.findIndex(({ on }) => on === kind);
        const [failure] = index < 0 ? [] : this.failures.splice(index, 1);
        if (failure === undefined || failure.workDone) work();
        if (failure !== undefined) throw failure.error;
    }
}

/** A service's failure of a write whose outcome is unknown. */
export function lostAnswer(): ServiceError {
    return Object.assign(new ServiceError("unreachable", "the connection broke", { bucket }), {
        mayHaveTakenEffect: true,
    });
}

export function inputs(declared: Properties = {}): Properties {
    return { bucket, sseAlgorithm: "AES256", ...declared };
}

export async function rejection(work: Promise<unknown>): Promise<unknown> {
    return work.then(
        () => {
            throw new Error("it should have failed");
        },
        (reason: unknown) => reason,
    );
}
