import { isDeepStrictEqual } from "node:util";
import { isOtherService } from "../resources/account-access";
import {
    concernsEncryption,
    concernsRule,
    declaredDeclarations,
    presentDeclarations,
} from "../resources/read-declarations";
import type { ResourceEntry } from "../resources/resource-entry";
import type { StackReview } from "./encryption-change";
import type { PreviewFindings, PreviewStep } from "./preview-step";
import { type ResourceSides, stackReview } from "./stack-review";

/** Steps that only clear away what another resource took the place of, some operation ago. */
const clearingOps: ReadonlySet<string> = new Set(["delete-replaced", "discard-replaced", "remove-pending-replace"]);

const replacingOps: ReadonlySet<string> = new Set(["replace", "create-replacement", "delete-replaced"]);

/**
 * Reviews the steps of a preview. @param stack the stack's name in the review @param findings the findings of the preview besides
 * its steps; by default that it succeeded
 */
export function reviewSteps(stack: string, steps: readonly PreviewStep[], findings?: PreviewFindings): StackReview {
    const byUrn = new Map<string, PreviewStep[]>();
    for (const step of steps) {
        const type = (step.newState ?? step.oldState)?.type;
        if (type === undefined || !concernsEncryption(type)) continue;
        const ofUrn = byUrn.get(step.urn);
        if (ofUrn === undefined) byUrn.set(step.urn, [step]);
        else ofUrn.push(step);
    }
    return stackReview(stack, [...byUrn.values()].flatMap(resourceSides), findings);
}

/**
 * The sides of one resource. Where a preview lists a resource more than once, the last step that does not belong to an older
 * replacement counts: the ones before it say what a refresh found.
 */
function resourceSides(steps: readonly PreviewStep[]): ResourceSides[] {
    const isReplacing = steps.some(({ op }) => op === "replace" || op === "create-replacement");
    const own = isReplacing ? steps : steps.filter(({ op }) => !clearingOps.has(op));
    const leftovers = isReplacing ? [] : steps.filter(({ op }) => clearingOps.has(op));
    const sides = leftovers.map((step) => ({
        urn: step.urn,
        before: before(step.oldState, true),
        after: [],
        untouched: false,
    }));
    const last = own.at(-1);
    if (last === undefined) return sides;
    const old = lastOf(own, ({ oldState }) => oldState);
    const next = last.op === "delete" || last.op === "discard" ? undefined : lastOf(own, ({ newState }) => newState);
    const isCreated = last.op === "create" || last.op === "import";
    const from = isCreated ? [] : before(old, last.op === "delete" && old?.delete === true);
    const to = next === undefined ? [] : declaredDeclarations(next);
    return [
        ...sides,
        {
            urn: last.urn,
            before: from,
            after: to,
            untouched: isUntouched(last, isElsewhere(from, to)),
            protectionIgnored: own.some(ignoresProtection),
        },
    ];
}

function before(state: ResourceEntry | undefined, isLeftover: boolean): ResourceSides["before"] {
    return state === undefined ? [] : presentDeclarations({ ...state, delete: isLeftover });
}

function lastOf<T>(steps: readonly PreviewStep[], get: (step: PreviewStep) => T | undefined): T | undefined {
    return steps.map(get).findLast((value) => value !== undefined);
}

/** A protected resource is deleted, or replaced by one that is protected, only with `--ignore-protect`. */
function ignoresProtection({ op, oldState, newState }: PreviewStep): boolean {
    if (oldState?.protect !== true) return false;
    return op === "delete" || (replacingOps.has(op) && newState?.protect === true);
}

/**
 * A plugin has its resources refreshed by each preview. Where nothing follows that, a preview leaves out that the resource stays the same:
 * its values before and after the reading tell it, hidden ones too.
 */
function isUntouched({ op, changed, oldState, newState }: PreviewStep, isElsewhere: boolean): boolean {
    if (op === "refresh") return isDeepStrictEqual(valuesOf(oldState), valuesOf(newState));
    if (op !== "update") return op === "same";
    // With the endpoint of another service, an update writes to that service's bucket.
    return changed?.some((name) => concernsRule(name) || (name === "endpoint" && isElsewhere)) === false;
}

function isElsewhere([from]: ResourceSides["before"], [to]: ResourceSides["after"]): boolean {
    return from !== undefined && to !== undefined && isOtherService(from.access, to.access);
}

function valuesOf({ inputs, outputs }: Partial<ResourceEntry> = {}): object {
    return { inputs, outputs };
}
