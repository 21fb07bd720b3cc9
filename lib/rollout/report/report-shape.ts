import { DocumentShape, listSchema, objectSchema, oneOfSchema } from "../../documents";
import { bucketOutcomesSchema, outcomes } from "../journal/journal-shape";
import { countsSchema, violationsSchema } from "../plan/plan-shape";
import type { RolloutReport } from "./rollout-report";

const text = { type: "string" };
const count = { type: "integer", minimum: 0 };

export const reportShape = new DocumentShape<RolloutReport>(
    objectSchema({
        version: { const: 1 },
        name: text,
        plan: text,
        engine: text,
        state: oneOfSchema("planned", "running", "interrupted", "paused", "stopped", "completed", "aborted"),
        "reason?": text,
        "begunAt?": text,
        "endedAt?": text,
        waves: listSchema(
            objectSchema({
                name: text,
                state: oneOfSchema("waiting", "running", "stopped", "done"),
                maxConcurrent: count,
                failureTolerance: count,
                stacks: listSchema(
                    objectSchema({
                        name: text,
                        "account?": text,
                        "region?": text,
                        state: oneOfSchema(...outcomes, "waiting", "running", "not-planned"),
                        "reason?": text,
                        turns: count,
                        "seconds?": { type: "number" },
                        risk: text,
                        changes: countsSchema,
                        violations: violationsSchema,
                        buckets: bucketOutcomesSchema,
                    }),
                ),
            }),
        ),
        totals: objectSchema({ stacks: countsSchema, buckets: countsSchema }),
    }),
);
