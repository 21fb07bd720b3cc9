import { expect } from "chai";
import fc from "fast-check";
import { type EncryptionRule, LocalCloud } from "../../lib/local-cloud";
import { type ObservedRule, rulesEqual } from "../../lib/rule";
import { declarableRule } from "../rule/rule-arbitraries";
import { type Declarations, TestStack } from "./test-stack";

// How long sequences are begun; a longer run: MODEL_SECONDS=3600 npx mocha tests/end-to-end/model.property.test.ts
const seconds = Number(process.env.MODEL_SECONDS ?? 40);
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 1_000_000);

const buckets = ["example-logs", "example-audit"];
const anyBucket = fc.constantFrom(...buckets);
const anyRule = fc.option(declarableRule, { nil: undefined });
const operation = fc.constantFrom("GetBucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption", undefined);

const step = fc.oneof(
    {
        weight: 3,
        arbitrary: fc.record({
            kind: fc.constant("declare" as const),
            bucket: anyBucket,
            rule: anyRule,
            existingRule: fc.constantFrom("overwrite" as const, "adopt" as const),
            onDelete: fc.constantFrom("remove" as const, "restore" as const, "retain" as const),
        }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("console" as const), bucket: anyBucket, rule: anyRule }) },
    {
        weight: 1,
        arbitrary: fc.record({
            kind: fc.constant("fault" as const),
            effect: fc.constantFrom(
                "throttle" as const,
                "reset-before" as const,
                "reset-after" as const,
                "deny" as const,
            ),
            operation,
            count: fc.integer({ min: 1, max: 6 }),
        }),
    },
    {
        weight: 4,
        arbitrary: fc.record({
            kind: fc.constant("run" as const),
            command: fc.constantFrom("up", "up --refresh", "refresh", "destroy"),
            crash: fc.option(fc.integer({ min: 400, max: 2_500 }), { nil: undefined, freq: 6 }),
        }),
    },
);
type Step = typeof step extends fc.Arbitrary<infer Taken> ? Taken : never;

/** A stack beside what must be true of it. */
class ModelledStack {
    #declared: Record<string, ObservedRule & Record<string, unknown>> = {};
    /** Buckets whose rule was changed behind the stack's back since it was last looked at or written. */
    readonly #drifted = new Set<string>();
    readonly log: string[] = [];

    constructor(
        readonly cloud: LocalCloud,
        readonly stack: TestStack,
    ) {}

    async take(taken: Step): Promise<void> {
        this.log.push(JSON.stringify(taken));
        switch (taken.kind) {
            case "declare":
                if (taken.rule === undefined) delete this.#declared[taken.bucket];
                else {
                    const { existingRule, onDelete } = taken;
                    this.#declared[taken.bucket] = { ...taken.rule, existingRule, onDelete };
                }
                return;
            case "console":
                this.cloud.setBucketRule(taken.bucket, taken.rule as EncryptionRule | undefined);
                this.#drifted.add(taken.bucket);
                return;
            case "fault": {
                const { effect, count } = taken;
                const scope = { count, ...(taken.operation && { operation: taken.operation }) };
                if (effect === "throttle")
                    this.cloud.faults.add({ kind: "status", status: 503, code: "TotalQpsLimitExceeded", ...scope });
                else if (effect === "deny")
                    this.cloud.faults.add({ kind: "status", status: 403, code: "AccessDenied", ...scope });
                else this.cloud.faults.add({ kind: effect, ...scope });
                return;
            }
            case "run":
                await this.#run(taken.command, taken.crash);
        }
    }

    /** Whatever happened before: without faults, one refreshing deployment brings everything to what is declared. */
    async settle(): Promise<void> {
        this.cloud.faults.clear();
        for (const rule of Object.values(this.#declared)) rule.existingRule = "overwrite";
        const { status, output } = await this.#run("up --refresh", undefined);
        expect(status, output).to.equal(0);
        this.cloud.journal.clear();
        await this.stack.up("--expect-no-changes");
        expect(this.cloud.journal.entries(), "an unchanged deployment makes no request").to.deep.equal([]);
    }

    async #run(command: string, crash: number | undefined): Promise<{ status: number | null; output: string }> {
        const declarations: Declarations = Object.fromEntries(
            Object.entries(this.#declared).map(([bucket, rule]) => [`rule-of-${bucket}`, { bucket, ...rule }]),
        );
        this.stack.declare(declarations);
        const before = new Map(buckets.map((bucket) => [bucket, this.cloud.bucketRule(bucket)]));
        const known = new Set((await this.stack.resources()).map(({ id }) => id));
        this.cloud.journal.clear();
        const [verb = "", ...flags] = command.split(" ");
        const args = [verb, "--yes", "--skip-preview", ...flags];
        const result = await (crash === undefined ? this.stack.run(...args) : this.stack.killed(crash, ...args));
        this.log.push(`${command} ended with ${result.status}`);
        const succeeded = result.status === 0;
        // What was done and not saved is known to nobody until the next refresh.
        if (result.status === null) for (const bucket of buckets) this.#drifted.add(bucket);
        for (const bucket of buckets) {
            const live = this.cloud.bucketRule(bucket);
            const declared = command === "destroy" ? undefined : this.#declared[bucket];
            if (succeeded) this.#afterSuccess(command, bucket, live, declared);
            else this.#afterFailure(bucket, before.get(bucket), live, declared, known.has(bucket));
            if (result.status !== null) this.#countRequests(command, bucket);
        }
        return result;
    }

    #afterSuccess(
        command: string,
        bucket: string,
        live: ObservedRule | undefined,
        declared: ObservedRule | undefined,
    ): void {
        if (command === "refresh") return void this.#drifted.delete(bucket);
        if (command === "up --refresh") this.#drifted.delete(bucket);
        if (declared === undefined || this.#drifted.has(bucket)) return;
        expect(live, `${bucket} after a successful ${command}`).to.satisfy((rule: ObservedRule | undefined) =>
            rulesEqual(rule, declared),
        );
    }

    /** A failed operation leaves each bucket as it was, or as declared; without a rule only one that it was to delete. */
    #afterFailure(
        bucket: string,
        before: ObservedRule | undefined,
        live: ObservedRule | undefined,
        declared: ObservedRule | undefined,
        wasKnown: boolean,
    ): void {
        if (rulesEqual(live, before) || rulesEqual(live, declared)) return;
        expect(
            declared === undefined && wasKnown,
            `${bucket} after a failure: ${JSON.stringify({ before, live, declared })}`,
        ).to.equal(true);
    }

    #countRequests(command: string, bucket: string): void {
        const count = (name: string) => this.cloud.journal.count({ bucket, operation: name, fault: undefined });
        const refreshed = command.includes("refresh") ? 1 : 0;
        expect(count("PutBucketEncryption"), `${bucket}: writes of ${command}`).to.be.at.most(1);
        expect(count("GetBucketEncryption"), `${bucket}: readings of ${command}`).to.be.at.most(2 + refreshed);
        if (command === "refresh") expect(count("PutBucketEncryption") + count("DeleteBucketEncryption")).to.equal(0);
    }
}

describe("any sequence of declarations, console changes, faults and operations", () => {
    it(`keeps what the resource promises (${seconds} s, seed ${seed})`, async () => {
        const deadline = performance.now() + seconds * 1_000;
        for (let round = 0; round === 0 || performance.now() < deadline; round += 1) {
            const [steps = []] = fc.sample(fc.array(step, { minLength: 6, maxLength: 12 }), {
                seed: seed + round,
                numRuns: 1,
            });
            await play(steps, seed + round, deadline);
        }
    }).timeout((seconds + 120) * 1_000);
});

async function play(steps: readonly Step[], roundSeed: number, deadline: number): Promise<void> {
    const cloud = await LocalCloud.start();
    for (const name of buckets) cloud.createBucket({ name });
    const stack = await new TestStack(cloud).start();
    const modelled = new ModelledStack(cloud, stack);
    try {
        for (const taken of steps) {
            if (performance.now() > deadline) break;
            await modelled.take(taken);
        }
        await modelled.settle();
    } catch (error) {
        (error as Error).message += `\nMODEL_SEED=${roundSeed}, after:\n${modelled.log.join("\n")}`;
        throw error;
    } finally {
        stack.remove();
        await cloud.stop();
    }
}
