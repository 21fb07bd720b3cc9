import type { RightSubject, StoreRight, StoreRights } from "../stores";
import type { Policy } from "./check-up";

/** A right, and what it is about. */
export interface NeededRight {
    readonly right: StoreRight;
    readonly subject: RightSubject;
}

/** One policy for all of the rights: a statement for each list of resources. */
export function policyFor(needed: readonly NeededRight[], { policyVersion }: StoreRights): Policy | undefined {
    const resources = new Map<string, Set<string>>();
    for (const { right, subject } of needed) {
        const found = resources.get(right.action) ?? new Set();
        resources.set(right.action, found.add(right.resource(subject)));
    }
    const actions = new Map<string, string[]>();
    for (const [action, names] of resources) {
        const key = JSON.stringify([...names].sort());
        actions.set(key, [...(actions.get(key) ?? []), action]);
    }
    if (actions.size === 0) return undefined;
    return {
        Version: policyVersion,
        Statement: [...actions].map(([names, Action]) => ({
            Effect: "Allow",
            Action: Action.sort(),
            Resource: JSON.parse(names) as string[],
        })),
    };
}
