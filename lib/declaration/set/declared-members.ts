import { notYetKnown, type RuleIssue } from "../../rule";
import { holdsUnknown, type Properties } from "../declaration";
import { packMembers } from "./members";

/** A text that no list is packed to, so that the check refuses it together with all other faults. */
const notAList = "?";

const mostShown = 10;

/**
 * Packs the buckets that a program declares: a list of names, or regions by names. The names are judged later; a fault is an entry with
 * characters that no bucket's name has, to be read behind `buckets`.
 */
export function packBuckets(list: unknown): { readonly packed: string } | { readonly fault: string } {
    // A `Set` or a `Map` has no members that an engine sees.
    if (!/^\[object (Array|Object)\]$/.test(Object.prototype.toString.call(list))) return { packed: notAList };
    const entries = Array.isArray(list)
        ? Array.from(list, (bucket: string) => [bucket, {}] as const)
        : Object.entries(list as Readonly<Record<string, { region?: string } | null>>);
    const odd = entries.filter(([bucket]) => typeof bucket !== "string" || !/^[\w.-]+$/.test(bucket));
    if (odd.length === 0)
        return { packed: packMembers(new Map(entries.map(([bucket, facts]) => [bucket, facts ?? {}]))) };
    const shown = odd.slice(0, mostShown).map(([bucket]) => String(JSON.stringify(bucket)).slice(0, 80));
    const more = odd.length > mostShown ? `, and ${odd.length - mostShown} more` : "";
    return { fault: `contains values that are not bucket names: ${shown.join(", ")}${more}` };
}

/**
 * A set's declaration with its buckets packed, as the Node classes declare it.
 * @param before the inputs of the last deployment: with `ignoreChanges` an engine puts their number of buckets in place of the list
 */
export function packDeclaredMembers(
    { buckets, ...others }: Properties,
    before: Properties,
): { readonly properties: Properties; readonly issues: readonly RuleIssue[] } {
    if (others.members !== undefined || buckets === undefined) return { properties: others, issues: [] };
    if (typeof buckets === "number") {
        const { members, membersSince } = before;
        return { properties: { ...others, members, ...(membersSince !== undefined && { membersSince }) }, issues: [] };
    }
    const packing = holdsUnknown(buckets) ? { packed: notYetKnown } : packBuckets(buckets);
    if ("packed" in packing) return { properties: { ...others, members: packing.packed }, issues: [] };
    const issue: RuleIssue = { code: "malformed", path: "buckets", message: packing.fault };
    return { properties: { ...others, members: notYetKnown }, issues: [issue] };
}
