import { DocumentShape, listSchema, objectSchema, oneOfSchema } from "../../documents";
import type { RolloutPlan } from "./rollout-plan";

const text = { type: "string" };
const texts = listSchema(text);

export const countsSchema = { type: "object", additionalProperties: { type: "integer", minimum: 0 } };
export const violationsSchema = listSchema(
    objectSchema({ pack: text, policy: text, level: text, message: text, "urn?": text }),
);
export const failureSchema = objectSchema({
    kind: oneOfSchema("locked", "policy", "account-not-known", "failed"),
    message: text,
});

export const planShape = new DocumentShape<RolloutPlan>(
    objectSchema({
        version: { const: 1 },
        id: text,
        name: text,
        fileDigest: text,
        engine: text,
        madeAt: text,
        stacks: listSchema(
            objectSchema({
                name: text,
                steps: listSchema(objectSchema({ urn: text, op: text, digest: text, goal: text, "unknown?": texts })),
                "failure?": failureSchema,
                changes: countsSchema,
                risk: text,
                counts: countsSchema,
                violations: violationsSchema,
                warnings: texts,
                buckets: listSchema(objectSchema({ bucket: text, urn: text, op: text, "risk?": text })),
            }),
        ),
    }),
);
