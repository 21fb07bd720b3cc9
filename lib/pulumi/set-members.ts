import type { Properties } from "../declaration";
import { unpackMembers } from "../declaration";

/** The buckets of a `BucketEncryptionSet` by its properties in a preview or a state; none where they cannot be read. */
export function setMembers(properties: Properties): string[] {
    return [...(unpackMembers(properties)?.keys() ?? [])];
}
