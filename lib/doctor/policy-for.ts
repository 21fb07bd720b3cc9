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
    const statements = new Map<string, { readonly actions: string[]; readonly names: readonly string[] }>();
    for (const [action, found] of resources) {
        const names = [...found].sort();
        const statement = statements.get(names.join("\n")) ?? { actions: [], names };
        statement.actions.push(action);
        statements.set(names.join("\n"), statement);
    }
    if (statements.size === 0) return undefined;
    return {
        Version: policyVersion,
        Statement: [...statements.values()].map(({ actions, names }) => ({
            Effect: "Allow",
            Action: actions.sort(),
            Resource: names,
        })),
    };
}
