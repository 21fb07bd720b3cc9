import { createHash } from "node:crypto";
import { canonicalJson } from "../../values";
import type { StepMetadata } from "../engines/stack-engine";
import { holdsUnknown } from "./buckets";
import { maskedProperties } from "./masked-properties";

/** A step in a plan: digests that distinguish it from other steps, and no value. */
export interface PlannedStep {
    readonly urn: string;
    readonly op: string;
    /** SHA-256 of the whole step: the resource now, the resource after it, and the differences. */
    readonly digest: string;
    /** SHA-256 of the step's goal alone: equal for the rest of a step that is half done. */
    readonly goal: string;
    /** Input properties whose values depend on an earlier step. Both digests leave these values out. */
    readonly unknown?: readonly string[];
}

/** @param unknown properties to leave out; by default those whose values are not known in this preview */
export function plannedStep(step: StepMetadata, unknown: readonly string[] = unknownProperties(step)): PlannedStep {
    const { urn, op, old, new: state, diffs, keys } = step;
    const inputs = Object.entries(maskedProperties(state?.inputs)).filter(([name]) => !unknown.includes(name));
    const goal = op === "delete" ? ["deleted", urn] : ["there", urn, Object.fromEntries(inputs), [...unknown].sort()];
    const start = [
        op,
        [...(diffs ?? [])].sort(),
        [...(keys ?? [])].sort(),
        maskedProperties(old?.inputs),
        maskedProperties(old?.outputs),
    ];
    return {
        urn,
        op,
        digest: digestOf([start, goal]),
        goal: digestOf(goal),
        ...(unknown.length > 0 && { unknown: [...unknown] }),
    };
}

export function digestOf(value: unknown): string {
    return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

function unknownProperties({ op, new: state }: StepMetadata): string[] {
    if (op === "delete") return [];
    return Object.entries(maskedProperties(state?.inputs)).flatMap(([name, value]) =>
        holdsUnknown(value) ? [name] : [],
    );
}
