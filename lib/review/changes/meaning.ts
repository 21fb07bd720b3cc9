import { keyIdentity, keyOwner, lostProtections } from "../../rule";
import { defaultStoreFamily, storeFamilyOf } from "../../stores";
import { differingAccess } from "../resources/account-access";
import { isHidden } from "../resources/hidden-value";
import type { DeclarationWithRule, RuleDeclaration } from "../resources/rule-declaration";
import { mayWeakenUnseen } from "./classify-rules";
import type { EncryptionChange } from "./encryption-change";
import { possibleRules } from "./possible-rules";

/** What `meaningOf` reads. */
export interface ChangeFacts {
    readonly change: Omit<EncryptionChange, "meaning">;
    readonly before: readonly DeclarationWithRule[];
    readonly after: readonly DeclarationWithRule[];
    readonly bucketDeleted: boolean;
    readonly sides: { readonly before: readonly RuleDeclaration[]; readonly leavesForHidden: boolean };
}

/**
 * What a change means for the people who approve it, in plain sentences, the most important first.
 * Sources: https://help.aliyun.com/en/oss/user-guide/server-side-encryption-8 (old objects, KMS actions),
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function meaningOf(facts: ChangeFacts): readonly string[] {
    return [...mainSentences(facts), ...principals(facts), ...oldObjects(facts), ...owners(facts)];
}

function mainSentences({ change, before, after, bucketDeleted, sides }: ChangeFacts): string[] {
    const { store } = change;
    if (bucketDeleted) return ["The stack deletes the bucket and its rule."];
    switch (change.class) {
        case "protection-ignored":
            return [
                "The resource is protected, and this deployment still deletes or replaces it (`--ignore-protect`).",
                ...(change.after === undefined
                    ? [withoutRule(store)]
                    : [`The bucket keeps a rule: ${change.after.text}.`]),
            ];
        case "removed":
            return [withoutRule(store)];
        case "weakened":
            return [
                change.after === undefined
                    ? withoutRule(store)
                    : `New objects get weaker encryption: ${change.before?.text} becomes ${change.after.text}.`,
                ...unblocked(before[0], after[0]),
                ...(keyOf(before[0]) !== undefined && keyOf(after[0]) === undefined
                    ? [
                          "Readers of the bucket need no right on your key to read new objects, and disabling the old key does not protect these.",
                      ]
                    : []),
            ];
        case "unknown":
            return [
                (before.length === 0 || differences(before, after).includes("service")) && after.some(mayWeakenUnseen)
                    ? "`existingRule` lets this resource replace any rule that the bucket may already have, which this preview does not show, so the encryption may become weaker."
                    : unknownReason(change, sides.leavesForHidden, unblocked(before[0], after[0])),
            ];
        case "account-changed":
            return [
                differences(before, after).includes("service")
                    ? `The rule is written to the bucket of this name at another service, and the former bucket keeps its rule (${accessDifference(before, after)}).`
                    : `The bucket is accessed with another account (${accessDifference(before, after)}).`,
            ];
        case "key-changed":
            return ["New objects are encrypted with another key."];
        case "algorithm-changed":
            return [`New objects are encrypted with ${change.after?.text ?? "another algorithm"}.`];
        case "added":
            return [
                `New objects are encrypted by default: ${change.after?.text}.`,
                "This preview does not show a rule that the bucket may already have from outside the stack.",
            ];
        case "strengthened":
            return [`New objects get stronger encryption: ${change.after?.text}.`];
        default:
            // A setting such as the bucket key makes no rule weaker or stronger, so it has no class.
            if (change.managed && change.before?.text !== change.after?.text) {
                return [`The rule stays equally strong, with another setting: ${change.after?.text}.`];
            }
            return [
                change.managed
                    ? "The rule stays the same."
                    : "The rule stays the same, and the stack no longer manages it.",
            ];
    }
}

function withoutRule(store: string): string {
    const { words } = storeFamilyOf(store) ?? defaultStoreFamily;
    return `The bucket loses its default encryption rule: ${words.withoutRule}.`;
}

/** The encryption types that the bucket blocks before, and does not block afterwards. */
function unblocked(before: DeclarationWithRule | undefined, after: DeclarationWithRule | undefined): string[] {
    const [from, to] = [before, after].map((side) => side && possibleRules(side.rule, "before").rules[0]);
    const { values, isPossible } = lostProtections(from, to);
    if (values.length === 0) return [];
    const types = values.join(", ");
    return [
        isPossible
            ? `The stack did not set which encryption types the bucket blocks. If the bucket blocks ${types}, requests can use it afterwards.`
            : `The bucket no longer blocks ${types}, so requests can use it.`,
    ];
}

function unknownReason(
    { before, after, bucket }: ChangeFacts["change"],
    leavesForHidden: boolean,
    [unblocks]: readonly string[],
): string {
    if (leavesForHidden)
        return "The resource moves to a bucket that is known only at deployment, so it may leave this one.";
    const hidden = [...new Set([...(before?.hidden ?? []), ...(after?.hidden ?? [])])];
    const what = [...(bucket === undefined ? ["bucket"] : []), ...hidden];
    if (what.length === 0 && unblocks !== undefined) return unblocks;
    return what.length > 0
        ? `The value of ${what.map((name) => `\`${name}\``).join(", ")} is unknown before the deployment, so the encryption may become weaker.`
        : "One of the rules has an algorithm or fields that this version does not know, so the two cannot be compared.";
}

/** Which principals need rights on the key that encrypts new objects. */
function principals({ change, before, after }: ChangeFacts): string[] {
    const key = keyOf(after[0]);
    if (key === undefined || change.class === "unchanged") return [];
    const isNew = keyIdentity(key) !== keyIdentity(keyOf(before[0]));
    if (!isNew) return [];
    const hidden = change.after?.hidden?.includes("kmsMasterKeyId") === true;
    const owner = keyOwner(key);
    const name = hidden || key.length < 16 ? "the new key" : `the key …${key.slice(-4)}`;
    return [
        `Writers of objects need kms:GenerateDataKey on ${name}, and readers need kms:Decrypt. Grant both before the deployment.`,
        ...(owner === undefined
            ? []
            : [
                  `Account ${owner.account} owns that key, in ${owner.region}. It must keep the key enabled and allow the bucket's account to use it.`,
              ]),
    ];
}

/** What the change means for existing objects: they keep the encryption that they were written with. */
function oldObjects({ change, before, bucketDeleted }: ChangeFacts): string[] {
    if (bucketDeleted || change.class === "unchanged") return [];
    const stay = "Existing objects keep the encryption that they were written with.";
    if (change.before === undefined) return [stay];
    const key = keyOf(before[0]);
    if (key !== undefined) {
        const name = key.length < 16 ? "the given key" : `the key …${key.slice(-4)}`;
        return [stay, `Existing objects need ${name}: if it is disabled or deleted, they can no longer be read.`];
    }
    return change.before.key === "service" || change.before.hidden?.includes("kmsMasterKeyId") === true
        ? [
              stay,
              "Existing objects need the KMS key that encrypted them: if it is disabled or deleted, they can no longer be read.",
          ]
        : [stay];
}

function owners({ after, sides, change }: ChangeFacts): string[] {
    const sentences: string[] = [];
    const declaring = new Set(after.map(({ urn }) => urn));
    if (declaring.size > 1) {
        sentences.push("Two resources declare a rule for this bucket and overwrite each other. Remove one of them.");
    }
    const isGivenUp = sides.before.some(
        ({ isBucket, rule, urn }) => isBucket && rule !== undefined && !declaring.has(urn),
    );
    if (isGivenUp && after.length > 0) {
        sentences.push(
            "The same deployment removes the encryption block of the bucket's own resource. If that happens last, it deletes the rule. Keep the block, with `ignoreChanges`, until the new resource exists.",
        );
    }
    if (change.class !== "unchanged" && !change.managed && change.after !== undefined) {
        sentences.push("The stack no longer manages the bucket's rule.");
    }
    return sentences;
}

/** The given key of a rule, where it is visible; `undefined` also for the service's own key. */
function keyOf(declaration: DeclarationWithRule | undefined): string | undefined {
    const key = declaration?.rule.kmsMasterKeyId;
    return typeof key === "string" && keyIdentity(key) !== undefined ? key : undefined;
}

function differences([from]: readonly DeclarationWithRule[], [to]: readonly DeclarationWithRule[]): readonly string[] {
    return differingAccess(from?.access ?? {}, to?.access ?? {});
}

function accessDifference(before: readonly DeclarationWithRule[], after: readonly DeclarationWithRule[]): string {
    const [from = {}, to = {}] = [before[0]?.access, after[0]?.access];
    const shown = (value: unknown) => (value === undefined ? "not given" : isHidden(value) ? "hidden" : `${value}`);
    return differences(before, after)
        .map((name) =>
            // Chains of roles and identity providers hold more than a name.
            name === "through" || name === "oidc"
                ? `${name} changes`
                : `${name}: ${shown(from[name])} becomes ${shown(to[name])}`,
        )
        .join(", ");
}
