import { UserError } from "../errors";
import { describeRule, type KeyIdentity, type ObservedRule } from "../rule";
import type { EncryptionStore } from "../stores";

/**
 * Proves that new objects are encrypted as the bucket's rule says, with an object that the store writes, reads and deletes.
 * @throws UserError of kind `not-effective` when the object is encrypted differently; ServiceError when it cannot be written or read,
 * for instance because the key cannot be used
 */
export async function proveRule(
    store: EncryptionStore,
    { bucket, rule, identity }: { bucket: string; rule: ObservedRule; identity: KeyIdentity },
): Promise<void> {
    const shown = await store.encryptProof(bucket, rule);
    if (shown !== undefined && isEncryptedBy(shown, rule, identity)) return;
    const found = shown === undefined ? "not encrypted" : `encrypted with ${describeRule(shown)}`;
    const what = `The bucket's rule is ${describeRule(rule)}, but a new object is ${found}`;
    throw new UserError("not-effective", what, { bucket });
}

/** An object shows the key's id, also if the rule has an alias or the service's key, which has no name in a rule. */
function isEncryptedBy(shown: ObservedRule, rule: ObservedRule, identity: KeyIdentity): boolean {
    if (shown.sseAlgorithm !== rule.sseAlgorithm) return false;
    if ((shown.kmsDataEncryption ?? "AES256") !== (rule.kmsDataEncryption ?? "AES256")) return false;
    const key = identity(rule.kmsMasterKeyId);
    const isKnown = key !== undefined && !key.startsWith("alias/") && shown.kmsMasterKeyId !== undefined;
    return !isKnown || identity(shown.kmsMasterKeyId) === key;
}
