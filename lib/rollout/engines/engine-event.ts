import { DocumentShape, isNestedTooDeeply, listSchema, objectSchema } from "../../documents";
import type { EngineEvent } from "./stack-engine";

const text = { type: "string" };
const objectOrNull = { type: ["object", "null"] };
const listOfTexts = { anyOf: [listSchema(text), { type: "null" }] };
const resource = {
    ...objectSchema({
        "urn?": text,
        "type?": text,
        "id?": text,
        "parent?": text,
        "inputs?": objectOrNull,
        "outputs?": objectOrNull,
    }),
    ...objectOrNull,
};
const step = objectSchema({
    metadata: objectSchema({
        op: text,
        urn: text,
        type: text,
        "old?": resource,
        "new?": resource,
        "keys?": listOfTexts,
        "diffs?": listOfTexts,
        "detailedDiff?": objectOrNull,
        "provider?": text,
    }),
});

const engineEventShape = new DocumentShape<EngineEvent>(
    objectSchema({
        "resourcePreEvent?": step,
        "resOutputsEvent?": step,
        "resOpFailedEvent?": step,
        "diagnosticEvent?": objectSchema({
            "urn?": text,
            message: text,
            severity: text,
            "ephemeral?": { type: "boolean" },
        }),
        "policyEvent?": objectSchema({
            "resourceUrn?": text,
            message: text,
            policyName: text,
            policyPackName: text,
            enforcementLevel: text,
        }),
    }),
);

/** Gives an event of an engine its shape. @returns what is wrong with it, as a text, where it has another */
export function engineEventOf(read: unknown): EngineEvent | string {
    if (isNestedTooDeeply(read)) return "it is nested too deeply";
    if (engineEventShape.matches(read)) return read;
    return engineEventShape.faults(read).map(({ message }) => message)[0] ?? "it has another shape";
}
