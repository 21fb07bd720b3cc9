import type { ArgumentRows } from "../../rule";
import { argumentNames, type OnDelete } from "../argument-rows";
import type { Properties } from "../declaration";
import type { MembersSince } from "./members";

/** The arguments for all buckets of a set, with their names in a single resource. */
export const sharedArgumentNames = argumentNames.filter((name) => name !== "bucket");

/** The further arguments of a set. The check packs `buckets` into `members`, and the state keeps their number. */
export const setArguments = {
    selection: {
        type: "object",
        role: "behaviour",
        description: "How the buckets were selected, for people and for policies.",
    },
    overrides: {
        type: "object",
        role: "behaviour",
        maybeSecret: true,
        description: "Rules of buckets that differ from the set's, by the buckets' names.",
    },
    buckets: {
        type: "object",
        required: "the buckets' names",
        role: "place",
        description:
            "The buckets, 50,000 at most: a list of names, or by each name the bucket's region. Regions that are not given are found, which costs a request for some buckets.",
    },
} as const satisfies ArgumentRows;

/** Every property that a set can declare, in the order in which they are shown. */
export const setArgumentNames = [
    ...sharedArgumentNames,
    "selection",
    "overrides",
    "members",
    "membersSince",
    "buckets",
] as const;

/** The visible outputs of a set's state. */
export const setOutputs = {
    exceptions: {
        type: "object",
        role: "output",
        description: "Buckets whose rule is not the declared one, with the rule that was found; the first 100 of them.",
    },
    exceptionsNotListed: {
        type: "object",
        role: "output",
        description: "How many such buckets there are beyond those.",
    },
} as const satisfies ArgumentRows;

/** The outputs of a set's state. `held` contains the record of each bucket, packed. */
export const setOutputNames = ["held", ...Object.keys(setOutputs)] as const;

/** The most buckets that one set can have. */
export const mostBuckets = 50_000;

/** The default of `onDelete` for a set: a changed selection must not remove the rules of a fleet. */
export const setOnDelete: OnDelete = "retain";

/** The properties of a set in a stack's state. Never holds a credential. */
export interface SetState extends Properties {
    readonly members: string;
    readonly membersSince?: MembersSince;
    /** How many buckets there are. */
    readonly buckets: number;
    /** The record of each bucket, packed. */
    readonly held: string;
    /** Buckets whose rule is not the declared one, with the rule that they have, up to a number that is listed. */
    readonly exceptions?: Readonly<Record<string, string>>;
    readonly exceptionsNotListed?: number;
}

/** The arguments for all buckets of a set. */
export function sharedProperties(properties: Properties): Properties {
    return Object.fromEntries(
        sharedArgumentNames.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
    );
}
