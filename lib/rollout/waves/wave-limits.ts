/**
 * A limit for a number of stacks: a count, or a share such as `20%`. Shares are rounded down, as StackSets do.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html
 */
export const countOf = (limit: number | string, total: number): number =>
    typeof limit === "number" ? limit : Math.floor((Number.parseInt(limit, 10) * total) / 100);

/** How many stacks run at the same time: at least one, and never more than there are. */
export const lanesOf = (limit: number | string, total: number): number =>
    Math.max(1, Math.min(countOf(limit, total), total));

/** Stacks by region, in the given order of regions; all others together at the end. Each group ends before the next begins. */
export function regionGroups(
    names: readonly string[],
    regionOf: ReadonlyMap<string, string | undefined>,
    order: readonly string[],
): string[][] {
    const ordered = order.map((region) => names.filter((name) => regionOf.get(name) === region));
    const rest = names.filter((name) => !order.includes(regionOf.get(name) ?? ""));
    return [...ordered, rest].filter((group) => group.length > 0);
}
