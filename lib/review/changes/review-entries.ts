import { isDeepStrictEqual } from "node:util";
import { concernsEncryption, presentDeclarations } from "../resources/read-declarations";
import type { ResourceEntry } from "../resources/resource-entry";
import type { StackReview } from "./encryption-change";
import { type ResourceSides, stackReview } from "./stack-review";

/** Reviews the changes between two states of a stack. */
export function reviewEntries(
    stack: string,
    from: readonly ResourceEntry[],
    to: readonly ResourceEntry[],
): StackReview {
    const before = byUrn(from);
    const after = byUrn(to);
    const sides = [...new Set([...before.keys(), ...after.keys()])].map((urn): ResourceSides => {
        const [old = [], next = []] = [before.get(urn), after.get(urn)];
        return {
            urn,
            before: old.flatMap(presentDeclarations),
            // A resource that only waits to be deleted does not count.
            after: next.filter((entry) => entry.delete !== true).flatMap(presentDeclarations),
            untouched: isDeepStrictEqual(old.map(propertiesOf), next.map(propertiesOf)),
        };
    });
    return stackReview(stack, sides);
}

function byUrn(entries: readonly ResourceEntry[]): Map<string, ResourceEntry[]> {
    const found = new Map<string, ResourceEntry[]>();
    for (const entry of entries) {
        if (concernsEncryption(entry.type)) found.set(entry.urn, [...(found.get(entry.urn) ?? []), entry]);
    }
    return found;
}

/** Equal ciphertexts are equal secrets; the engine sometimes writes a new one for the same secret, which then counts as unknown. */
function propertiesOf({ inputs, outputs, provider }: ResourceEntry): unknown {
    return { inputs, outputs, provider };
}
