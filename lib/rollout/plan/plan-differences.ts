import type { StepMetadata } from "../engines/stack-engine";
import { type PlannedStep, plannedStep } from "./planned-step";

/** The parts of a preview that are compared with a plan. */
export interface ComparedPreview {
    /** Steps that would be done now. */
    readonly changes: readonly StepMetadata[];
    /** Resources that need nothing. */
    readonly unchanged: readonly StepMetadata[];
}

/**
 * The differences of a preview from its plan; empty when the stack may be deployed. A part of the plan may have been deployed already,
 * also on another machine, so that the preview shows the rest:
 *
 * | the preview shows | it is as planned when |
 * | --- | --- |
 * | the planned step | it has the same start and goal; a value that the plan did not know counts once a part of the plan is done |
 * | the planned step from another start | an earlier turn may have stopped within this step (`mayBeHalfDone`), and the goal is the same |
 * | no step for a planned one | the resource is already where the step leads |
 * | a step that was not planned | never |
 */
export function planDifferences(
    planned: readonly PlannedStep[],
    { changes, unchanged }: ComparedPreview,
    { mayBeHalfDone }: { readonly mayBeHalfDone: boolean },
): string[] {
    const plannedByUrn = new Map(planned.map((step) => [step.urn, step]));
    const changing = new Set(changes.map(({ urn }) => urn));
    const there = new Map(unchanged.map((step) => [step.urn, step]));
    const missing = planned.filter(({ urn }) => !changing.has(urn));
    const [reached, lost] = split(missing, (step) => isReached(step, there.get(step.urn)));
    const isPartlyDone = mayBeHalfDone || reached.length > 0;
    const otherwise = changes.filter((found) => {
        const step = plannedByUrn.get(found.urn);
        return step === undefined || !isAsPlanned(step, found, { isPartlyDone, mayBeHalfDone });
    });
    return [
        ...otherwise.map(
            ({ urn, op }) =>
                `${op} of ${nameOf(urn)} is needed now, but was ${plannedByUrn.has(urn) ? "planned differently" : "not planned"}`,
        ),
        ...lost.map(({ urn, op }) => `${op} of ${nameOf(urn)} was planned, but is no longer needed`),
    ];
}

function isAsPlanned(
    planned: PlannedStep,
    found: StepMetadata,
    { isPartlyDone, mayBeHalfDone }: { readonly isPartlyDone: boolean; readonly mayBeHalfDone: boolean },
): boolean {
    if (plannedStep(found).digest === planned.digest) return true;
    const { digest, goal } = plannedStep(found, planned.unknown ?? []);
    if (isPartlyDone && digest === planned.digest) return true;
    return mayBeHalfDone && goal === planned.goal && (found.op !== "replace" || planned.op === "replace");
}

function isReached(planned: PlannedStep, there: StepMetadata | undefined): boolean {
    if (planned.op === "delete") return there === undefined;
    return there !== undefined && plannedStep(there, planned.unknown ?? []).goal === planned.goal;
}

function split<Item>(items: readonly Item[], matches: (item: Item) => boolean): [Item[], Item[]] {
    return [items.filter(matches), items.filter((item) => !matches(item))];
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;
