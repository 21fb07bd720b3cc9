import fc from "fast-check";
import { type ProxyFault, proxyFaultKinds } from "./misbehaving-proxy";

/** The rules that are drawn. What each is in a kind of store: `soakedFamilies`. */
export const drawnRules = ["plain", "other", "managed", "first key", "second key", "secret key"] as const;
export type DrawnRule = (typeof drawnRules)[number];

/** The kinds of stores of a stack. With two of them, its buckets take turns. */
export const drawnStores = ["oss", "aws", "compatible", "oss and aws", "oss and compatible"] as const;

export const ownBuckets = ["soak-logs", "soak-photos", "soak-audit", "soak-backup"] as const;
export type OwnBucket = (typeof ownBuckets)[number];
/** Buckets of the account that no program ever declares. */
export const otherBuckets = ["other-public", "other-secret"] as const;

export const keys = ["key-soak-one", "key-soak-two"] as const;
export const secretKey = "key-that-the-soak-keeps-secret";

const rule = fc.constantFrom(...drawnRules);
/** A console knows no secret. */
const plainRule = rule.map((drawn) => (drawn === "secret key" ? ("first key" as const) : drawn));
const bucket = fc.constantFrom(...ownBuckets);
const onDelete = fc.constantFrom("remove" as const, "restore" as const, "retain" as const);

const declare = fc.record({
    kind: fc.constant("declare" as const),
    bucket,
    /** `undefined` takes the bucket out of the program. */
    rule: fc.option(rule, { nil: undefined, freq: 5 }),
    holder: fc.constantFrom("each" as const, "set" as const),
    /** Of the dynamic classes or of the plugin's, where the scenario has the plugin. */
    classes: fc.constantFrom("dynamic" as const, "plugin" as const),
    onDelete,
    /** Part of the resource's name: another one is another resource for the same bucket. */
    version: fc.constantFrom(1, 1, 1, 2),
});

const console = fc.record({
    kind: fc.constant("console" as const),
    bucket,
    rule: fc.option(plainRule, { nil: undefined, freq: 4 }),
});

export const proxyFault: fc.Arbitrary<ProxyFault> = fc.record({
    kind: fc.constantFrom(...proxyFaultKinds),
    method: fc.constantFrom("GET", "PUT", "DELETE", "POST", undefined),
    skip: fc.nat(2),
    count: fc.integer({ min: 1, max: 3 }),
    where: fc.integer({ min: 0, max: 99 }).map((hundredths) => hundredths / 100),
});
const network = fc.record({
    kind: fc.constant("network" as const),
    faults: fc.array(proxyFault, { minLength: 1, maxLength: 3 }),
});

const service = fc.record({
    kind: fc.constant("service" as const),
    fault: fc.constantFrom("throttle" as const, "deny" as const, "internal-error" as const, "wrong-xml" as const),
    operation: fc.constantFrom("GetBucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption", undefined),
    count: fc.integer({ min: 1, max: 4 }),
});

/** OSS accepts signatures up to fifteen minutes old. */
const clock = fc.record({
    kind: fc.constant("clock" as const),
    minutes: fc.constantFrom(0, 0, -14, 14, -20, 60, 60 * 24 * 400),
});

const disk = fc.record({
    kind: fc.constant("disk" as const),
    /** Bytes that are left; `undefined` frees it. */
    left: fc.constantFrom(undefined, 0, 4096, 8192, 32_768),
});

/** A run of an engine's command. */
const run = fc.record({
    kind: fc.constant("run" as const),
    verb: fc.constantFrom(
        "up" as const,
        "up" as const,
        "up" as const,
        "refresh" as const,
        "destroy" as const,
        "preview" as const,
    ),
    engine: fc.oneof(
        { weight: 14, arbitrary: fc.constant("in-process" as const) },
        { weight: 2, arbitrary: fc.constant("command" as const) },
        { weight: 1, arbitrary: fc.constant("pulumi" as const) },
    ),
    refresh: fc.boolean(),
    parallel: fc.constantFrom(1, 4),
    continueOnError: fc.boolean(),
    diff: fc.boolean(),
    /** What ends in the middle, and at which request. In this process, every kill of a process is ^C. */
    kill: fc.option(
        fc.record({
            who: fc.constantFrom(
                "engine" as const,
                "provider" as const,
                "program" as const,
                "all" as const,
                "cloud" as const,
            ),
            request: fc.integer({ min: 1, max: 6 }),
            when: fc.constantFrom("before" as const, "after" as const),
        }),
        { nil: undefined, freq: 3 },
    ),
    /** Whether a failure is followed by an `up` without faults at once. */
    healsAfterFailure: fc.boolean(),
});

const step = fc.oneof(
    { weight: 8, arbitrary: declare },
    { weight: 2, arbitrary: console },
    { weight: 6, arbitrary: network },
    { weight: 2, arbitrary: service },
    { weight: 1, arbitrary: clock },
    { weight: 1, arbitrary: disk },
    { weight: 9, arbitrary: run },
);
export type Step = typeof step extends fc.Arbitrary<infer Drawn> ? Drawn : never;
export type Run = Extract<Step, { kind: "run" }>;
export type Declare = Extract<Step, { kind: "declare" }>;

const setup = fc.record({
    /** `plain`: credentials only. `guarded`: the account's id is declared. `role`: an assumed role of another account as well. */
    account: fc.constantFrom("plain" as const, "guarded" as const, "role" as const),
    /** Whether the program also uses the plugin's classes. */
    hasPlugin: fc.constantFrom(false, false, true),
    /** Whether the cloud keeps its state in a folder, and so can be restarted. */
    isDurable: fc.constantFrom(false, false, false, true),
    /** Whether the state is on a disk that can be full. */
    hasTinyDisk: fc.constantFrom(false, false, true),
});
export type Setup = (typeof setup extends fc.Arbitrary<infer Drawn> ? Drawn : never) & {
    readonly stores: (typeof drawnStores)[number];
    /** Whether clients reach the services by TLS. */
    readonly hasTls?: boolean;
    /** Whether each write ends with an object that proves the rule. */
    readonly provesKeys?: boolean;
};

export interface StackScenario {
    readonly setup: Setup;
    readonly steps: readonly Step[];
}

const first: Step = {
    kind: "declare",
    bucket: ownBuckets[0],
    rule: "plain",
    holder: "each",
    classes: "dynamic",
    onDelete: "remove",
    version: 1,
};

export const stackScenario: fc.Arbitrary<StackScenario> = fc
    .record({
        setup,
        steps: fc.array(step, { minLength: 1, maxLength: 40, size: "max" }),
        // Drawn last: all else that a seed means is older.
        stores: fc.constantFrom(...drawnStores),
        hasTls: fc.boolean(),
        provesKeys: fc.boolean(),
    })
    .map(({ setup: drawn, steps, ...more }) => ({ setup: { ...drawn, ...more }, steps: [first, ...steps] }));
