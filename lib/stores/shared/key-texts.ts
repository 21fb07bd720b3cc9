import { keyIdentity, type ObservedRule } from "../../rule";

/** A shorter text may be a part of any word. */
const shortest = 8;

/**
 * How a service may name a rule's given key in a message: by the name that was written, or by the id in it. The key may be a secret of
 * the stack, so no message shows them.
 */
export function keyTexts({ kmsMasterKeyId: name }: Pick<ObservedRule, "kmsMasterKeyId"> = {}): string[] {
    return [name, keyIdentity(name)].filter((text): text is string => text !== undefined && text.length >= shortest);
}
