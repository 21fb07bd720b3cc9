import { createHash } from "node:crypto";
import type { StepMetadata } from "../engines/stack-engine";
import { canonicalJson, maskedProperties } from "./masked-properties";

/** What a plan keeps of one step: enough to tell another one from it, and nothing that it is about. */
export interface PlannedStep {
    readonly urn: string;
    readonly op: string;
    /** Of the whole step: what is there, what will be, and what differs. */
    readonly digest: string;
    /** Of where the step leads to alone: equal for what is left of a step that was half done. */
    readonly goal: string;
}

export function plannedStep({ urn, op, old, new: state, diffs, keys }: StepMetadata): PlannedStep {
    const goal =
        op === "delete"
            ? ["deleted", urn]
            : [op === "replace" ? "replaced" : "there", urn, maskedProperties(state?.inputs)];
    const start = [
        op,
        [...(diffs ?? [])].sort(),
        [...(keys ?? [])].sort(),
        maskedProperties(old?.inputs),
        maskedProperties(old?.outputs),
    ];
    return { urn, op, digest: digestOf([start, goal]), goal: digestOf(goal) };
}

/** Of all steps of a preview, in whatever order they came. */
export function stepsDigest(steps: readonly PlannedStep[]): string {
    return digestOf(steps.map(({ urn, digest }) => `${urn} ${digest}`).sort());
}

export function digestOf(value: unknown): string {
    return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** What a preview has that wasn't planned, and lacks that was; empty when it is what was planned. */
export function stepDifferences(planned: readonly PlannedStep[], found: readonly PlannedStep[]): string[] {
    const digests = new Map(planned.map((step) => [step.urn, step.digest]));
    const urns = new Set(found.map(({ urn }) => urn));
    return [
        ...found
            .filter(({ urn, digest }) => digests.get(urn) !== digest)
            .map(
                ({ urn, op }) =>
                    `${op} of ${nameOf(urn)} is now to be done, and was ${digests.has(urn) ? "planned otherwise" : "not planned"}`,
            ),
        ...planned
            .filter(({ urn }) => !urns.has(urn))
            .map(({ urn, op }) => `${op} of ${nameOf(urn)} was planned, and there is no reason for it any more`),
    ];
}

/** The same where a part of the plan has been done already: what is left must lead where the plan leads. */
export function remainderDifferences(planned: readonly PlannedStep[], found: readonly PlannedStep[]): string[] {
    const goals = new Set(planned.map(({ goal }) => goal));
    return found
        .filter(({ goal }) => !goals.has(goal))
        .map(({ urn, op }) => `${op} of ${nameOf(urn)} is now to be done, and was not planned`);
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;
