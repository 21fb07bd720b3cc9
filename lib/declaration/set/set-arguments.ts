import { argumentNames, type OnDelete } from "../argument-rows";
import type { Properties } from "../declaration";
import type { MembersSince } from "./members";

/** What a set declares for all of its buckets, by the names that a single resource has for it. */
export const sharedArgumentNames = argumentNames.filter((name) => name !== "bucket");

/** Every property that a set can declare, in the order in which they are shown. */
export const setArgumentNames = [
    ...sharedArgumentNames,
    "selection",
    "overrides",
    "members",
    "membersSince",
    "buckets",
] as const;

/** What a set's state has beside what was declared. */
export const setOutputNames = ["held", "exceptions", "exceptionsNotListed"] as const;

/** The most buckets that one set can have. */
export const mostBuckets = 50_000;

/** What leaving `onDelete` out means for a set: a changed selection must not decrypt a fleet. */
export const setOnDelete: OnDelete = "retain";

/** What a stack's state keeps of a set. Never holds a credential. */
export interface SetState extends Properties {
    readonly members: string;
    readonly membersSince?: MembersSince;
    /** How many buckets there are. */
    readonly buckets: number;
    /** What is known of each bucket, packed. */
    readonly held: string;
    /** Buckets whose rule is not the declared one, with the rule that they have, up to a number that is listed. */
    readonly exceptions?: Readonly<Record<string, string>>;
    readonly exceptionsNotListed?: number;
}

/** What a set declares for all of its buckets. */
export function sharedProperties(properties: Properties): Properties {
    return Object.fromEntries(
        sharedArgumentNames.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
    );
}
