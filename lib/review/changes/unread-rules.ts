import { compareClasses } from "./change-class";
import type { EncryptionChange } from "./encryption-change";
import type { UnreadRule } from "./preview-step";

/**
 * Changes of buckets whose rule could not be read become `unknown`: the rule may be stronger than the declared one. Removed and
 * weakened rules stay what they are.
 */
export function withUnreadRules(
    changes: readonly EncryptionChange[],
    unread: readonly UnreadRule[],
): readonly EncryptionChange[] {
    if (unread.length === 0) return changes;
    return changes.map((change) => {
        const found = unread.find((rule) => concerns(rule, change, changes));
        if (found === undefined || compareClasses(change.class, "unknown") <= 0) return change;
        const sentence = `${found.reason.replace(/^the /, "The ")}.`;
        return { ...change, class: "unknown", meaning: [sentence, ...change.meaning] };
    });
}

/** A reason that names none of the resource's buckets, or not all that it is about, concerns all of them. */
function concerns(
    { urn, reason }: UnreadRule,
    change: EncryptionChange,
    changes: readonly EncryptionChange[],
): boolean {
    if (urn !== undefined && !change.urns.includes(urn)) return false;
    if (/\band \d+ more\)/.test(reason)) return true;
    const words = new Set(reason.split(/[^a-z0-9.-]+/).map((word) => word.replace(/\.+$/, "")));
    const isNamed = ({ bucket }: EncryptionChange) => bucket !== undefined && words.has(bucket);
    if (isNamed(change)) return true;
    return urn !== undefined && !changes.some((other) => other.urns.includes(urn) && isNamed(other));
}
