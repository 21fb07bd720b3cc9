import { DocumentShape } from "../../documents";
import type { JournalRecord } from "../journal/journal-record";
import type { RolloutPlan } from "../plan/rollout-plan";
import type { RolloutReport } from "../report/rollout-report";

/** Who works on a rollout. */
export interface LockHolder {
    readonly pid: number;
    readonly user: string;
    readonly host: string;
    /** ISO 8601. */
    readonly at: string;
    /** When the process started, in the kernel's clock ticks; tells a process from a later one with the same id. */
    readonly started?: string;
}

export interface AbortRequest {
    readonly reason: string;
    readonly by: string;
}

/** A rollout that was started on Temporal from here. */
export interface TemporalNote {
    /** The plan's id. */
    readonly plan: string;
    /** Whether it is known to be over. */
    readonly isOver: boolean;
}

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;
const count = { type: "integer", minimum: 0 } as const;
const counts = { type: "object", additionalProperties: count } as const;

/** An object with these members, and perhaps others. A name that ends with `?` may be missing. */
function object(members: Readonly<Record<string, object>>): object {
    const entries = Object.entries(members);
    return {
        type: "object",
        required: entries.map(([name]) => name).filter((name) => !name.endsWith("?")),
        properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace("?", ""), schema])),
    };
}

const list = (items: object): object => ({ type: "array", items });
const oneOf = (...values: string[]): object => ({ enum: values });

const violations = list(object({ pack: text, policy: text, level: text, message: text, "urn?": text }));
const failure = object({ kind: oneOf("locked", "policy", "account-not-known", "failed"), message: text });
const bucketOutcomes = list(
    object({ bucket: text, urn: text, status: oneOf("as-declared", "different", "not-known"), "why?": text }),
);
const outcome = ["deployed", "unchanged", "failed", "differs", "held", "interrupted"];

const plan = object({
    version: { const: 1 },
    id: text,
    name: text,
    fileDigest: text,
    engine: text,
    madeAt: text,
    stacks: list(
        object({
            name: text,
            steps: list(object({ urn: text, op: text, digest: text, goal: text, "unknown?": texts })),
            "failure?": failure,
            changes: counts,
            risk: text,
            counts,
            violations,
            warnings: texts,
            buckets: list(object({ bucket: text, urn: text, op: text, "risk?": text })),
        }),
    ),
});

const report = object({
    version: { const: 1 },
    name: text,
    plan: text,
    engine: text,
    state: oneOf("planned", "running", "interrupted", "paused", "stopped", "completed", "aborted"),
    "reason?": text,
    "begunAt?": text,
    "endedAt?": text,
    waves: list(
        object({
            name: text,
            state: oneOf("waiting", "running", "stopped", "done"),
            maxConcurrent: count,
            failureTolerance: count,
            stacks: list(
                object({
                    name: text,
                    "account?": text,
                    "region?": text,
                    state: oneOf(...outcome, "waiting", "running", "not-planned"),
                    "reason?": text,
                    turns: count,
                    "seconds?": { type: "number" },
                    risk: text,
                    changes: counts,
                    violations,
                    buckets: bucketOutcomes,
                }),
            ),
        }),
    ),
    totals: object({ stacks: counts, buckets: counts }),
});

const recordMembers: Readonly<Record<JournalRecord["kind"], Readonly<Record<string, object>>>> = {
    begun: { plan: text, by: text, "only?": text },
    resumed: { plan: text, by: text, "only?": text },
    "wave-begun": { wave: text },
    "wave-ended": { wave: text },
    "stack-begun": { stack: text },
    "stack-ended": {
        stack: text,
        outcome: oneOf(...outcome),
        "failure?": failure,
        "differences?": texts,
        seconds: { type: "number" },
        changes: counts,
        "violations?": violations,
        buckets: bucketOutcomes,
    },
    paused: { wave: text, "until?": text },
    "pause-ended": { wave: text },
    stopped: { wave: text, reason: text },
    interrupted: {},
    completed: {},
    aborted: { reason: text, by: text },
};

const journalRecord = {
    type: "object",
    required: ["kind", "at"],
    properties: { at: text, kind: oneOf(...Object.keys(recordMembers)) },
    allOf: Object.entries(recordMembers).map(([kind, members]) => ({
        if: { type: "object", required: ["kind"], properties: { kind: { const: kind } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: object(members),
    })),
};

/** The shapes of the files that a rollout keeps, for reading them. */
export const storedShapes = {
    plan: new DocumentShape<RolloutPlan>(plan),
    report: new DocumentShape<RolloutReport>(report),
    journalRecord: new DocumentShape<JournalRecord>(journalRecord),
    lockHolder: new DocumentShape<LockHolder>(
        object({ pid: count, user: text, host: text, at: text, "started?": text }),
    ),
    temporalNote: new DocumentShape<TemporalNote>(object({ plan: text, isOver: { type: "boolean" } })),
    abortRequest: new DocumentShape<AbortRequest>(object({ reason: text, by: text })),
} as const;
