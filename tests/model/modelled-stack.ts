import { expect } from "chai";
import fc from "fast-check";
import { type EncryptionRule, LocalCloud } from "../../lib/local-cloud";
import { type ObservedRule, ruleChange, rulesEqual, type ServerSideEncryptionRule } from "../../lib/rule";
import { type Extent, roundsOf } from "../extent";
import { seed } from "../seed";

export type Command = "up" | "up --refresh" | "refresh" | "destroy";
/** A resource in a state. */
export type KnownRule = ObservedRule & {
    readonly unconfirmed?: boolean;
    readonly onDelete?: string;
    readonly previousRule?: ObservedRule;
};
export type Outcome = "succeeded" | "failed" | "crashed";

/** Deploys declarations: a whole engine, or a model of one. */
export interface ModelEngine {
    /** The resources of the state, by bucket. */
    knownRules(): Promise<ReadonlyMap<string, KnownRule>>;
    /**
     * @param declared arguments of `BucketEncryption`, beside `bucket`, by bucket
     * @param crash when it is to die in the middle: a number from 400 to 2500, the later the greater
     */
    run(
        declared: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
        command: Command,
        crash: number | undefined,
    ): Promise<Outcome>;
    stop(): Promise<void>;
}

const buckets = ["example-logs", "example-audit"];
// Mostly one, so that actions meet at the same bucket.
const anyBucket = fc.constantFrom("example-logs", "example-logs", "example-logs", "example-audit");
// Few, so that declared, found and set rules are often equal.
const anyRule = fc.option(
    fc.constantFrom<ServerSideEncryptionRule>(
        { sseAlgorithm: "AES256" },
        { sseAlgorithm: "KMS", kmsMasterKeyId: "key-1", kmsDataEncryption: "SM4" },
    ),
    { nil: undefined, freq: 6 },
);
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
        weight: 2,
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
            command: fc.constantFrom<Command[]>("up", "up", "up", "up --refresh", "refresh", "destroy"),
            crash: fc.option(fc.integer({ min: 400, max: 2_500 }), { nil: undefined, freq: 12 }),
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
        readonly engine: ModelEngine,
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

    /** After every sequence of steps: without faults, one deployment with a refresh makes all buckets as declared. */
    async settle(): Promise<void> {
        this.cloud.faults.clear();
        for (const rule of Object.values(this.#declared)) rule.existingRule = "overwrite";
        expect(await this.#run("up --refresh", undefined)).to.equal("succeeded");
        expect(await this.#run("up", undefined)).to.equal("succeeded");
        expect(this.cloud.journal.entries(), "an unchanged deployment makes no request").to.deep.equal([]);
    }

    async #run(command: Command, crash: number | undefined): Promise<Outcome> {
        const before = new Map(buckets.map((bucket) => [bucket, this.cloud.bucketRule(bucket)]));
        const known = await this.engine.knownRules();
        this.cloud.journal.clear();
        const outcome = await this.engine.run(structuredClone(this.#declared), command, crash);
        const knownNow = await this.engine.knownRules();
        this.log.push(`${command} ${outcome}`);
        // A change that was not saved is unknown until the next refresh.
        if (outcome === "crashed") for (const bucket of buckets) this.#drifted.add(bucket);
        for (const bucket of buckets) {
            const live = this.cloud.bucketRule(bucket);
            const declared = command === "destroy" ? undefined : this.#declared[bucket];
            if (outcome === "succeeded") this.#afterSuccess(command, bucket, live, declared);
            else this.#afterFailure(bucket, before.get(bucket), live, declared, known.has(bucket));
            // A deletion without an answer and without a reading leaves no trace in any state.
            if (outcome === "failed" && declared === undefined) this.#drifted.add(bucket);
            const sides = { bucket, known: known.get(bucket), before: before.get(bucket), live };
            if (outcome !== "crashed") this.#countRequests(command, sides, declared);
            if (declared === undefined && !command.includes("refresh")) expectForeignRuleKept(sides);
            if (declared === undefined && command !== "refresh" && outcome === "succeeded")
                expectRemovedAsDeclared(sides);
            if (declared?.existingRule === "adopt" && command !== "refresh")
                expectNotWeakened(sides, declared, outcome);
            if (outcome === "failed") this.#expectKnown(sides, knownNow.get(bucket), declared);
        }
        return outcome;
    }

    #afterSuccess(
        command: Command,
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

    /** What a failed operation did is in the state: a rule that it wrote, and a deletion that a reading could show. */
    #expectKnown(
        { bucket, before, live }: Told,
        knownNow: KnownRule | undefined,
        declared: ObservedRule | undefined,
    ): void {
        if (rulesEqual(live, before)) return;
        if (live !== undefined && declared !== undefined) {
            expect(
                knownNow !== undefined && (knownNow.unconfirmed === true || rulesEqual(knownNow, live)),
                `${bucket}: the rule that was written is known (${JSON.stringify({ before, live, knownNow })})`,
            ).to.equal(true);
        }
        const lostReadings = this.cloud.journal
            .entries({ bucket, operation: "GetBucketEncryption" })
            .filter(({ fault }) => fault !== undefined);
        if (live === undefined && lostReadings.length === 0) {
            expect(knownNow, `${bucket}: the deletion that was done is known`).to.equal(undefined);
        }
    }

    /**
     * The table in docs/resource.md. Requests that a fault met are not counted, since they are made again; one that was met for good is
     * followed by a reading that may tell what became of it.
     */
    #countRequests(command: Command, { bucket, known }: Told, declared: ObservedRule | undefined): void {
        const count = (name: string, met?: "met") =>
            this.cloud.journal
                .entries({ bucket, operation: name })
                .filter(({ fault }) => (fault !== undefined) === (met === "met")).length;
        const [put, get, gone] = ["Put", "Get", "Delete"].map((verb) => count(`${verb}BucketEncryption`)) as [
            number,
            number,
            number,
        ];
        const wasMet = ["Put", "Get", "Delete"].some((verb) => count(`${verb}BucketEncryption`, "met") > 0);
        const refreshed = command.includes("refresh") ? 1 : 0;
        const what = `${bucket}: ${JSON.stringify({ command, known, declared, put, get, gone })}`;
        expect(put, what).to.be.at.most(1);
        expect(gone, what).to.be.at.most(declared === undefined ? 1 : 0);
        if (command === "refresh") {
            expect(put + gone, what).to.equal(0);
            expect(get, what).to.be.at.most(known === undefined ? 0 : 1);
        } else if (declared === undefined) {
            // A deletion reads first; what it puts back is read back, and a lost answer is looked into.
            expect(get, what).to.be.at.most(known === undefined ? 0 : refreshed + (wasMet || put > 0 ? 2 : 1));
        } else {
            const isNew = known === undefined || refreshed === 1;
            expect(get, what).to.be.at.most(refreshed + (isNew ? 2 : 1));
            const isUnchanged = known !== undefined && known.unconfirmed !== true && rulesEqual(known, declared);
            if (isUnchanged && refreshed === 0) expect(put + get, what).to.equal(0);
        }
    }
}

/** One bucket around an operation: its entry in the state, and its rule before and after. */
interface Told {
    readonly bucket: string;
    readonly known: KnownRule | undefined;
    readonly before: ObservedRule | undefined;
    readonly live: ObservedRule | undefined;
}

/** Only a refresh lets this stack delete a rule that was set outside. */
function expectForeignRuleKept({ bucket, known, before, live }: Told): void {
    const isForeign = before !== undefined && known?.unconfirmed !== true && !rulesEqual(before, known);
    if (isForeign) expect(live, `${bucket}, whose rule is not the stack's`).to.deep.equal(before);
}

/** A resource that is gone from the program leaves what its `onDelete` said when it was last deployed. */
function expectRemovedAsDeclared({ bucket, known, before, live }: Told): void {
    if (known === undefined || known.unconfirmed === true || !rulesEqual(before, known)) return;
    const left = { remove: undefined, restore: known.previousRule, retain: before }[known.onDelete ?? "remove"];
    expect(live, `${bucket} after its resource was deleted with ${known.onDelete}`).to.satisfy(
        (rule: ObservedRule | undefined) => rulesEqual(rule, left),
    );
}

/** A new resource with `existingRule: "adopt"` never weakens a rule. */
function expectNotWeakened({ bucket, known, before, live }: Told, declared: ObservedRule, outcome: Outcome): void {
    if (known !== undefined || ruleChange(before, declared) !== "weakened") return;
    expect(live, `${bucket}, whose rule is stronger than the declared one`).to.deep.equal(before);
    expect(outcome).not.to.equal("succeeded");
}

/**
 * Plays random sequences, each on a stack of its own.
 * @param start makes a fresh engine with an empty stack for each sequence
 * @returns how many sequences were played
 */
export async function playSequences(
    { extent, steps }: { readonly extent: Extent; readonly steps: number },
    start: (cloud: LocalCloud) => Promise<ModelEngine>,
): Promise<number> {
    const deadline = "seconds" in extent ? performance.now() + extent.seconds * 1_000 : Number.POSITIVE_INFINITY;
    let played = 0;
    for (const round of roundsOf(extent)) {
        const sequence = fc.array(step, { minLength: Math.ceil(steps / 2), maxLength: steps });
        const [taken = []] = fc.sample(sequence, { seed: seed + round, numRuns: 1 });
        await play(taken, seed + round, deadline, start);
        played += 1;
    }
    return played;
}

async function play(
    steps: readonly Step[],
    from: number,
    deadline: number,
    start: (cloud: LocalCloud) => Promise<ModelEngine>,
): Promise<void> {
    const cloud = await LocalCloud.start();
    for (const name of buckets) cloud.createBucket({ name });
    const engine = await start(cloud);
    const modelled = new ModelledStack(cloud, engine);
    try {
        for (const taken of steps) {
            if (performance.now() > deadline) break;
            await modelled.take(taken);
        }
        await modelled.settle();
    } catch (error) {
        (error as Error).message += `\nTEST_SEED=${from}, after:\n${modelled.log.join("\n")}`;
        throw error;
    } finally {
        await engine.stop();
        await cloud.stop();
    }
}
