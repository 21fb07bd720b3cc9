import { isRecord, type Properties } from "../declaration";

/** How one property changes. Each also exists for a change that replaces the resource. */
export type ChangeKind = "add" | "delete" | "update";

/** One difference between a state and inputs, at a path as engines write it, for instance `account.id`. */
export interface PropertyChange {
    readonly path: string;
    readonly kind: ChangeKind;
    readonly replaces: boolean;
}

/**
 * Every difference at the deepest place that both sides have.
 * @param changed top-level properties whose values differ; others are equal in any notation
 */
export function detailedDiff(
    state: Properties,
    inputs: Properties,
    changed: readonly string[],
    replaces: readonly string[],
): PropertyChange[] {
    return changed.flatMap((name) => {
        const changes = placesOf(name).flatMap((place) => changesAt(place, state[place], inputs[place]));
        const shown = changes.length > 0 ? changes : [{ path: name, kind: "update" as const }];
        return shown.map((change) => ({ ...change, replaces: replaces.includes(name) }));
    });
}

/** A set's buckets stand in several properties: the packed list, the changes since, and those whose rule is another. */
function placesOf(name: string): readonly string[] {
    return name === "members" ? ["members", "membersSince", "exceptions", "exceptionsNotListed"] : [name];
}

type Change = Omit<PropertyChange, "replaces">;

/** Empty where both sides are written alike. */
export function changesAt(path: string, before: unknown, after: unknown): Change[] {
    if (isRecord(before) && isRecord(after)) {
        const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
        return names.flatMap((name) => changesAt(`${path}${pathStep(name)}`, before[name], after[name]));
    }
    const [isBefore, isAfter] = [isGiven(before), isGiven(after)];
    if (!isBefore && !isAfter) return [];
    if (!isBefore) return [{ path, kind: "add" }];
    if (!isAfter) return [{ path, kind: "delete" }];
    return textOf(before) === textOf(after) ? [] : [{ path, kind: "update" }];
}

/** A name in a property path: quoted where it has other characters than a plain name. */
function pathStep(name: string): string {
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function textOf(value: unknown): string {
    return typeof value === "symbol"
        ? String(value)
        : JSON.stringify(value, (_, member) => (typeof member === "symbol" ? String(member) : member));
}

function isGiven(value: unknown): boolean {
    return value !== undefined && value !== null && value !== "";
}
