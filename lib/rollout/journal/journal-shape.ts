import { DocumentShape, listSchema, objectSchema, oneOfSchema } from "../../documents";
import { countsSchema, failureSchema, violationsSchema } from "../plan/plan-shape";
import { outcomeMeanings } from "../waves/stack-outcome";
import type { JournalRecord } from "./journal-record";

const text = { type: "string" };

/** The results of a stack's turn. */
export const outcomes = Object.keys(outcomeMeanings);
export const bucketOutcomesSchema = listSchema(
    objectSchema({
        bucket: text,
        urn: text,
        status: oneOfSchema("as-declared", "different", "not-known"),
        "why?": text,
    }),
);

/** What each kind of record has beside its time. */
export const recordMembers: Readonly<Record<JournalRecord["kind"], Readonly<Record<string, object>>>> = {
    begun: { plan: text, by: text, "only?": text },
    resumed: { plan: text, by: text, "only?": text },
    "wave-begun": { wave: text },
    "wave-ended": { wave: text },
    "stack-begun": { stack: text },
    "stack-ended": {
        stack: text,
        outcome: oneOfSchema(...outcomes),
        "failure?": failureSchema,
        "differences?": listSchema(text),
        seconds: { type: "number" },
        changes: countsSchema,
        "violations?": violationsSchema,
        buckets: bucketOutcomesSchema,
    },
    paused: { wave: text, "until?": text },
    "pause-ended": { wave: text },
    stopped: { wave: text, reason: text },
    interrupted: {},
    completed: {},
    aborted: { reason: text, by: text },
};

/** The schema of a record of one of these kinds, each with its members. */
export function recordSchema(kinds: Readonly<Record<string, Readonly<Record<string, object>>>>): object {
    return {
        ...objectSchema({ at: text, kind: oneOfSchema(...Object.keys(kinds)) }),
        allOf: Object.entries(kinds).map(([kind, members]) => ({
            if: objectSchema({ kind: { const: kind } }),
            // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
            then: objectSchema(members),
        })),
    };
}

export const journalRecordShape = new DocumentShape<JournalRecord>(recordSchema(recordMembers));
