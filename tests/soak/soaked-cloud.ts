import type { IncomingHttpHeaders } from "node:http";
import type { Fault, JournalEntry } from "../../lib/local-cloud";
import type { ObservedRule } from "../../lib/rule";
import {
    type FamilyName,
    type SoakedFamily,
    type SoakedService,
    type SoakedServiceOptions,
    soakedFamilies,
} from "./soaked-families";
import { type DrawnRule, otherBuckets, ownBuckets, type Setup } from "./stack-scenario";

/** A service, with the buckets that it has. */
interface Part {
    readonly name: FamilyName;
    readonly family: SoakedFamily;
    readonly options: SoakedServiceOptions;
    service: SoakedService;
}

/** The services of one stack: one for each kind of store. */
export class SoakedCloud {
    readonly #parts: readonly Part[];
    /** What the buckets had at first that no program declares. */
    readonly #others: readonly (ObservedRule | undefined)[];

    private constructor(parts: readonly Part[]) {
        this.#parts = parts;
        this.#others = this.#otherRules();
    }

    /** @param data where the state is kept that a restart finds again */
    static async start({ stores, account }: Setup, now: () => number, data: string | undefined): Promise<SoakedCloud> {
        const names = stores.split(" and ") as FamilyName[];
        const parts = names.map(async (name, index) => {
            const family = soakedFamilies[name];
            const own = ownBuckets.filter((_, at) => at % names.length === index);
            const options = { account, buckets: [...own, ...otherBuckets], now, data };
            return { name, family, options, service: await family.start(options) };
        });
        return new SoakedCloud(await Promise.all(parts));
    }

    get families(): readonly SoakedFamily[] {
        return this.#parts.map(({ family }) => family);
    }

    /** The URL of the service that a request is for: the clients of S3 sign differently. */
    targetOf(headers: IncomingHttpHeaders): string {
        const isOfAws = headers.authorization?.startsWith("AWS4-HMAC-SHA256") === true;
        const found = this.#parts.find(({ name }) => (name === "oss") !== isOfAws) ?? this.#parts[0];
        return (found as Part).service.url;
    }

    familyOf(bucket: string): SoakedFamily & { readonly name: FamilyName } {
        const { family, name } = this.#partOf(bucket);
        return { ...family, name };
    }

    rule(bucket: string): ObservedRule | undefined {
        return this.#partOf(bucket).service.bucketRule(bucket);
    }

    /** Changes a rule outside any stack. */
    setRule(bucket: string, rule: DrawnRule | undefined): void {
        const { family, service } = this.#partOf(bucket);
        family.setRule(service, bucket, rule);
    }

    /** Buckets that no program declares and that have another rule now, or that got a write. */
    changedOthers(): string[] {
        const now = this.#otherRules();
        const isWrite = ({ operation, bucket }: JournalEntry): boolean =>
            otherBuckets.some((other) => other === bucket) && /^(Put|Delete)BucketEncryption$/.test(operation ?? "");
        return [
            ...this.#others.flatMap((rule, index) =>
                JSON.stringify(rule) === JSON.stringify(now[index])
                    ? []
                    : [`${JSON.stringify(rule)} → ${JSON.stringify(now[index])}`],
            ),
            ...this.requests()
                .filter(isWrite)
                .map(({ operation, bucket }) => `${operation} ${bucket}`),
        ];
    }

    /** The requests since `forgetRequests`. */
    requests(): JournalEntry[] {
        return this.#parts.flatMap(({ service }) => service.journal.entries());
    }

    forgetRequests(): void {
        for (const { service } of this.#parts) service.journal.clear();
    }

    addFault(fault: Fault): void {
        for (const { service } of this.#parts) service.faults.add(fault);
    }

    heal(): void {
        for (const { service } of this.#parts) service.faults.clear();
    }

    async restart(): Promise<void> {
        for (const part of this.#parts) {
            const { service, family, options } = part;
            const former = { service, port: Number(new URL(service.url).port) };
            await service.stop();
            part.service = await family.start(options, former);
        }
    }

    async stop(): Promise<void> {
        for (const { service } of this.#parts) await service.stop();
    }

    #partOf(bucket: string): Part {
        const found = this.#parts.find(({ options }) => options.buckets.includes(bucket));
        if (found === undefined) throw new Error(`no service has ${bucket}`);
        return found;
    }

    #otherRules(): (ObservedRule | undefined)[] {
        return this.#parts.flatMap(({ service }) => otherBuckets.map((bucket) => service.bucketRule(bucket)));
    }
}
