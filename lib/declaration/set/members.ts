import type { Properties } from "../declaration";
import { packColumns, packNames, unpackColumns, unpackNames } from "./compact-table";

/** A bucket of a set. */
export interface Member {
    readonly region?: string;
}

/** The buckets of a set by their names. */
export type Members = ReadonlyMap<string, Member>;

/** Buckets that joined or left after the packed list was written, by name. Previews show them, one bucket a line. */
export type MembersSince = Readonly<Record<string, string>>;

/** The buckets of a set as a declaration contains them: the packed list, and later changes. */
export interface DeclaredMembers {
    readonly members: string;
    readonly membersSince?: MembersSince;
}

/** With more changes than this, the list is packed again instead. */
const mostChangesListed = 500;

/** The packed names, followed by a dot and their regions if any is known. */
export function packMembers(members: Members): string {
    const names = packNames(members.keys());
    const hasRegions = [...members.values()].some(({ region }) => region !== undefined);
    return hasRegions ? `${names}.${packColumns(members, ["region"])}` : names;
}

/** @returns `undefined` for a text that `packMembers` did not write */
export function unpackMembers({
    members,
    membersSince = {},
}: {
    readonly members?: unknown;
    readonly membersSince?: unknown;
}): Map<string, Member> | undefined {
    if (typeof members !== "string") return undefined;
    const [packedNames, packedRegions] = members.split(".");
    const names = unpackNames(packedNames);
    if (names === undefined) return undefined;
    const all =
        packedRegions === undefined
            ? new Map(names.map((name): [string, Member] => [name, {}]))
            : unpackColumns<Member>(names, packedRegions);
    if (all === undefined) return undefined;
    const changes = typeof membersSince === "object" && membersSince !== null ? membersSince : {};
    for (const [name, change] of Object.entries(changes)) {
        const [kind, region] = String(change).split(" in ");
        if (kind === "removed") all.delete(name);
        else all.set(name, region === undefined ? {} : { region });
    }
    return all;
}

/**
 * Writes the declared members as the last deployment's list and the changes since. So a preview shows each bucket that joins or leaves
 * by its name, and does not show the long text.
 */
export function membersSinceLast(now: Members, { members }: { readonly members?: unknown }): DeclaredMembers {
    const base = unpackMembers({ members });
    const since = base === undefined ? undefined : changesBetween(base, now);
    if (typeof members !== "string" || since === undefined) return { members: packMembers(now) };
    return { members, ...(Object.keys(since).length > 0 && { membersSince: since }) };
}

function changesBetween(base: Members, now: Members): MembersSince | undefined {
    const changes: Record<string, string> = {};
    let count = 0;
    const note = (name: string, change: string): boolean => {
        changes[name] = change;
        count += 1;
        return count > mostChangesListed;
    };
    for (const [name, { region }] of now) {
        const before = base.get(name);
        if (before !== undefined && before.region === region) continue;
        if (note(name, region === undefined ? "added" : `added in ${region}`)) return undefined;
    }
    for (const name of base.keys()) {
        if (!now.has(name) && note(name, "removed")) return undefined;
    }
    return changes;
}

/** The names of a set's buckets by its properties in a preview or a state; none where they cannot be read. */
export function memberNames(properties: Properties): string[] {
    return [...(unpackMembers(properties)?.keys() ?? [])];
}
