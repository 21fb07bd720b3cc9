import type { ObservedRule, rulePropertyNames } from "../../rule";
import { type DeclaredProperties, declarablePropertyNames } from "../bucket-encryption-properties";
import type { MembersSince } from "./members";

/** What a set says of all of its buckets alike, by the names that a single resource has for it. */
export const sharedPropertyNames = declarablePropertyNames.filter((name) => name !== "bucket");

/** Every property that a set can declare, in the order in which they are shown. */
export const setPropertyNames = [
    ...sharedPropertyNames,
    "atLeast",
    "selection",
    "overrides",
    "members",
    "membersSince",
    "buckets",
] as const;

/** What stands in a set's state beside what was declared. */
export const setOutputNames = ["held", "exceptions", "exceptionsNotListed"] as const;

/** The most buckets that one set can have. */
export const mostBuckets = 50_000;

/** The rule of one bucket that differs from the set's. */
export type Override = { readonly [name in (typeof rulePropertyNames)[number] | "reason"]?: unknown };

/** What a set's state tells of one bucket. */
export interface HeldBucket {
    /** The bucket's region, as it was declared or found. */
    readonly region?: string;
    /** The rule that was last written or read; absent when a reading found none. */
    readonly rule?: ObservedRule;
    /** The rule that the bucket had before; absent when it had none. */
    readonly previous?: ObservedRule;
    /** True while a write was begun and its outcome hasn't been seen. */
    readonly unconfirmed?: boolean;
}

export const heldColumns = ["region", "rule", "previous", "unconfirmed"] as const;

/** What a stack's state keeps of a set. Never holds a credential. */
export interface SetState extends DeclaredProperties {
    readonly members: string;
    readonly membersSince?: MembersSince;
    /** How many buckets there are. */
    readonly buckets: number;
    /** What is known of each bucket, packed. */
    readonly held: string;
    /** Buckets whose rule isn't the declared one, with the rule that they have; no more than are listed. */
    readonly exceptions?: Readonly<Record<string, string>>;
    readonly exceptionsNotListed?: number;
}

/** What a set says of its buckets alike. */
export function sharedProperties(properties: DeclaredProperties): DeclaredProperties {
    return Object.fromEntries(
        sharedPropertyNames.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
    );
}
