import { type DeclaredMembers, unpackMembers } from "../lifecycle/set/members";

/** The buckets of a `BucketEncryptionSet` by its properties in a preview or a state; none where they can't be read. */
export function setMembers(properties: Readonly<Record<string, unknown>>): string[] {
    const { members, membersSince } = properties as Partial<DeclaredMembers>;
    if (typeof members !== "string") return [];
    const since = typeof membersSince === "object" && membersSince !== null ? { membersSince } : {};
    return [...(unpackMembers({ members, ...since })?.keys() ?? [])];
}
