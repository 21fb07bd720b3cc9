import { nearestSpelling, notYetKnown, type RuleIssue } from "../rule";
import {
    type DeclaredProperties,
    declarablePropertyNames,
    existingRuleChoices,
    onDeleteChoices,
} from "./bucket-encryption-properties";

/**
 * All faults of what a declaration says beside the rule and the place of its bucket.
 * @param stores the kinds of store that there are
 */
export function declarationIssues(inputs: DeclaredProperties, stores: readonly string[]): RuleIssue[] {
    return [
        ...unknownPropertyIssues(inputs),
        ...bucketIssues(inputs.bucket),
        ...choiceIssues("store", inputs.store, stores),
        ...booleanIssues("forcePathStyle", inputs.forcePathStyle),
        ...booleanIssues("deletionIsSafe", inputs.deletionIsSafe),
        ...choiceIssues("existingRule", inputs.existingRule, existingRuleChoices),
        ...choiceIssues("onDelete", inputs.onDelete, onDeleteChoices),
        ...booleanIssues("forceDelete", inputs.forceDelete),
        ...booleanIssues("verifyKey", inputs.verifyKey),
        ...booleanIssues("proveKey", inputs.proveKey),
    ];
}

function unknownPropertyIssues(inputs: DeclaredProperties): RuleIssue[] {
    return Object.keys(inputs)
        .filter((name) => !(declarablePropertyNames as readonly string[]).includes(name))
        .map((path) => {
            const meant = nearestSpelling(path, declarablePropertyNames);
            const hint = meant ? `; did you mean "${meant}"?` : `, which are ${declarablePropertyNames.join(", ")}`;
            return { code: "not-allowed", path, message: `is not one of the properties of BucketEncryption${hint}` };
        });
}

function bucketIssues(bucket: unknown): RuleIssue[] {
    return bucket === undefined
        ? [{ code: "required", path: "bucket", message: "is required: the name of the bucket" }]
        : [];
}

function choiceIssues(path: string, value: unknown, allowed: readonly string[]): RuleIssue[] {
    if (value === undefined || value === notYetKnown || allowed.includes(value as string)) return [];
    const listed = allowed.map((word) => `"${word}"`).join(", ");
    if (typeof value !== "string") {
        return [{ code: "wrong-type", path, message: `must be one of ${listed}, not a value of type ${typeof value}` }];
    }
    const meant = nearestSpelling(value, allowed);
    const found = JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    const message = `${found} is not one of ${listed}${meant ? `; did you mean "${meant}"?` : ""}`;
    return [{ code: "not-allowed", path, message }];
}

function booleanIssues(path: string, value: unknown): RuleIssue[] {
    return value === undefined || value === notYetKnown || typeof value === "boolean"
        ? []
        : [{ code: "wrong-type", path, message: `must be true or false, not a value of type ${typeof value}` }];
}
