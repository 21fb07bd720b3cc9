import { ServiceError } from "../../lib/errors";
import type { ObservedRule, ServerSideEncryptionRule } from "../../lib/rule";
import type { BucketDirectory, EncryptionStore, StoreFamily } from "../../lib/stores";

/** A service of a made-up family: its buckets, with their rules, in this process. */
export class MemoryService {
    readonly buckets = new Map<string, ObservedRule | undefined>();
    /** The requests, with their accounts. */
    readonly asked: string[] = [];
    /** Readings wait for it. */
    answers: Promise<void> = Promise.resolve();

    #found(bucket: string): ObservedRule | undefined {
        if (this.buckets.has(bucket)) return this.buckets.get(bucket);
        throw this.#failure("bucket-not-found", bucket);
    }

    #failure(kind: "bucket-not-found" | "rule-not-found", bucket: string): ServiceError {
        const answer = {
            code: kind === "bucket-not-found" ? "NoBucket" : "NoRule",
            status: 404,
            requestId: "memory-1",
        };
        return new ServiceError(kind, "Cannot do this", { bucket }, answer);
    }

    store(account: string): EncryptionStore {
        const ask = (what: string, bucket: string) => {
            this.asked.push(`${what} ${bucket} ${account}`);
            return this.#found(bucket);
        };
        return {
            getRule: async (bucket) => {
                const rule = ask("get", bucket);
                await this.answers;
                if (rule === undefined) throw this.#failure("rule-not-found", bucket);
                return rule;
            },
            putRule: async (bucket, rule: ServerSideEncryptionRule) => {
                ask("put", bucket);
                this.buckets.set(bucket, { ...rule } as ObservedRule);
            },
            deleteRule: async (bucket) => {
                ask("delete", bucket);
                this.buckets.set(bucket, undefined);
            },
            encryptProof: async (bucket) => ask("prove", bucket),
        };
    }

    directory(account: string): BucketDirectory {
        const store = this.store(account);
        const summary = (name: string) => {
            return { name, region: "here-1", owner: undefined, createdAt: undefined, storageClass: undefined };
        };
        const names = () => [...this.buckets.keys()].sort();
        return {
            async *listBuckets({ prefix = "" } = {}) {
                yield* names()
                    .filter((name) => name.startsWith(prefix))
                    .map(summary);
            },
            describeBucket: async (bucket) => ({ ...summary(bucket), rule: "not-reported" }),
            getRule: (bucket) => store.getRule(bucket),
            tagsOf: async () => ({}),
        };
    }
}

/** The family: all that a new family has to say of itself. */
export function memoryStoreFamily(service: MemoryService): StoreFamily {
    return {
        name: "memory",
        words: {
            title: "Memory",
            withoutRule: "Memory forgets new objects",
            auditActions: "memory:Look",
            firstAskedRegion: "here-1",
            unlistedBuckets: [],
        },
        settings: [
            {
                name: "memoryRegion",
                type: "text",
                meaning: "Region.",
                argument: "region",
                variables: ["MEMORY_REGION"],
            },
            { name: "memoryIsFast", type: "boolean", meaning: "Whether it is fast." },
        ],
        account: {
            id: { shape: /^m\d{3}$/, meant: 'the id of a memory account such as "m001"' },
            insteadOfRoles: "remember the role",
        },
        hasBucketsByEndpoint: false,
        benchmarks: [],
        rights: () => ({ system: "Memory", policyVersion: "1", rights: [] }),
        serviceAt: () => "Memory",
        endpointOf: (region) => `http://${region}`,
        capabilities: () => ({
            store: "memory",
            sseAlgorithms: ["AES256", "KMS"],
            optionalArguments: ["bucketKeyEnabled"],
            keyLookup: false,
            usualSecondOwner: "nothing else",
        }),
        validateTarget: ({ bucket }) =>
            typeof bucket === "string" && bucket.includes("!")
                ? [{ code: "malformed", path: "bucket", message: "has an exclamation mark" }]
                : [],
        connect: () => ({
            open: (_, account) => service.store(account?.id ?? "anyone"),
            directory: (_, account) => service.directory(account?.id ?? "anyone"),
            describeCaller: async (account) => ({
                origin: "memory",
                keyId: account?.id ?? "anyone",
                isTemporary: false,
                identity: { notAsked: "memory has no accounts" },
            }),
            close: () => undefined,
        }),
    };
}
