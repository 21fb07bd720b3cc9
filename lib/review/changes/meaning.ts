import { keyIdentity, keyOwner } from "../../rule";
import { differingAccess } from "../resources/account-access";
import { isHidden } from "../resources/hidden-value";
import type { DeclarationWithRule, RuleDeclaration } from "../resources/rule-declaration";
import type { EncryptionChange, StoreName } from "./encryption-change";

/** What `meaningOf` reads. */
export interface ChangeFacts {
    readonly change: Omit<EncryptionChange, "meaning">;
    readonly before: readonly DeclarationWithRule[];
    readonly after: readonly DeclarationWithRule[];
    readonly bucketDeleted: boolean;
    readonly sides: { readonly before: readonly RuleDeclaration[]; readonly leavesForHidden: boolean };
}

/**
 * What a change means for those who have to say yes to it, in plain sentences, the most important first.
 * Sources: https://help.aliyun.com/en/oss/user-guide/server-side-encryption-8 (old objects, KMS actions),
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function meaningOf(facts: ChangeFacts): readonly string[] {
    return [...mainSentences(facts), ...principals(facts), ...oldObjects(facts), ...owners(facts)];
}

function mainSentences({ change, before, after, bucketDeleted, sides }: ChangeFacts): string[] {
    const { store } = change;
    if (bucketDeleted) return ["The stack deletes the bucket itself, and its rule with it."];
    switch (change.class) {
        case "removed":
            return [withoutRule[store]];
        case "weakened":
            return [
                change.after === undefined
                    ? withoutRule[store]
                    : `New objects are protected less than until now: ${change.before?.text} becomes ${change.after.text}.`,
                ...(keyOf(before[0]) !== undefined && keyOf(after[0]) === undefined
                    ? [
                          "Whoever may read the bucket reads new objects without any right on a key of yours, and disabling the old key no longer protects them.",
                      ]
                    : []),
            ];
        case "unknown":
            return [unknownReason(change, sides.leavesForHidden)];
        case "account-changed":
            return [`The bucket is reached on another account's behalf (${accessDifference(before, after)}).`];
        case "key-changed":
            return ["New objects are encrypted with another key."];
        case "algorithm-changed":
            return [`New objects are encrypted with ${change.after?.text ?? "another algorithm"}.`];
        case "added":
            return [
                `New objects are encrypted by default: ${change.after?.text}.`,
                "A rule that the bucket may have already, made outside of the stack, is not in this file.",
            ];
        case "strengthened":
            return [`New objects are protected better than until now: ${change.after?.text}.`];
        default:
            // What makes no rule weaker or stronger, such as how often KMS is asked, is no change of its own class.
            if (change.managed && change.before?.text !== change.after?.text) {
                return [`The rule stays as strong as it is, with another setting: ${change.after?.text}.`];
            }
            return [
                change.managed
                    ? "The rule stays what it is."
                    : "The rule stays what it is, and the stack no longer looks after it.",
            ];
    }
}

const withoutRule: Readonly<Record<StoreName, string>> = {
    oss: "New objects are no longer encrypted by default: OSS stores them as they are sent.",
    s3: "The bucket loses its own rule: S3 then encrypts new objects with keys that S3 keeps (AES256).",
};

function unknownReason({ before, after, bucket }: ChangeFacts["change"], leavesForHidden: boolean): string {
    if (leavesForHidden)
        return "The resource moves to a bucket that is known at deployment only, maybe away from this one.";
    const hidden = [...new Set([...(before?.hidden ?? []), ...(after?.hidden ?? [])])];
    const what = [...(bucket === undefined ? ["bucket"] : []), ...hidden];
    return what.length > 0
        ? `Decided at deployment: ${what.map((name) => `\`${name}\``).join(", ")} can't be seen before, so nobody can say whether this weakens the bucket's encryption.`
        : "One of the rules has an algorithm or fields that this version doesn't know, so nobody can say what would be lost.";
}

/** Which principals need rights on a key that new objects are encrypted with from now on. */
function principals({ change, before, after }: ChangeFacts): string[] {
    const key = keyOf(after[0]);
    if (key === undefined || change.class === "unchanged") return [];
    const isNew = keyIdentity(key) !== keyIdentity(keyOf(before[0]));
    if (!isNew) return [];
    const hidden = change.after?.hidden?.includes("kmsMasterKeyId") === true;
    const owner = keyOwner(key);
    const name = hidden || key.length < 16 ? "the new key" : `the key …${key.slice(-4)}`;
    return [
        `Who writes objects needs kms:GenerateDataKey on ${name}, and who reads them kms:Decrypt; grant both before the deployment.`,
        ...(owner === undefined
            ? []
            : [
                  `That key is account ${owner.account}'s, in ${owner.region}: it must stay enabled there, and must let the bucket's account use it.`,
              ]),
    ];
}

/** What becomes of the objects that are there: they stay, and so does what they were encrypted with. */
function oldObjects({ change, before, bucketDeleted }: ChangeFacts): string[] {
    if (bucketDeleted || change.class === "unchanged") return [];
    const stay =
        "Objects that are there stay as they were written; only a copy of an object onto itself encrypts it anew.";
    if (change.before === undefined) return [stay];
    const key = keyOf(before[0]);
    if (key !== undefined) {
        const name = key.length < 16 ? "the given key" : `the key …${key.slice(-4)}`;
        return [
            stay,
            `Those written until now can be read only while ${name} is there and enabled: if it is disabled or deleted, they can't be read any more.`,
        ];
    }
    return change.before.key === "service" || change.before.hidden?.includes("kmsMasterKeyId") === true
        ? [
              stay,
              "Those written until now can be read only while the KMS key they were encrypted with is there and enabled.",
          ]
        : [stay];
}

function owners({ after, sides, change }: ChangeFacts): string[] {
    const sentences: string[] = [];
    const declaring = new Set(after.map(({ urn }) => urn));
    if (declaring.size > 1) {
        sentences.push(
            "Two resources declare a rule for this bucket, and each takes it from the other; one of them has to go.",
        );
    }
    const isGivenUp = sides.before.some(
        ({ isBucket, rule, urn }) => isBucket && rule !== undefined && !declaring.has(urn),
    );
    if (isGivenUp && after.length > 0) {
        sentences.push(
            "The bucket's own block is taken out in the same deployment, which deletes the rule if it is done last: keep it, with `ignoreChanges`, until the new resource is there.",
        );
    }
    if (change.class !== "unchanged" && !change.managed && change.after !== undefined) {
        sentences.push("The stack no longer looks after the bucket's rule.");
    }
    return sentences;
}

/** The given key of a rule, where it can be seen; `undefined` also for the service's own. */
function keyOf(declaration: DeclarationWithRule | undefined): string | undefined {
    const key = declaration?.rule.kmsMasterKeyId;
    return typeof key === "string" && keyIdentity(key) !== undefined ? key : undefined;
}

function accessDifference(before: readonly DeclarationWithRule[], after: readonly DeclarationWithRule[]): string {
    const [from = {}, to = {}] = [before[0]?.access, after[0]?.access];
    const shown = (value: unknown) => (value === undefined ? "not given" : isHidden(value) ? "hidden" : `${value}`);
    return differingAccess(from, to)
        .map((name) =>
            // Chains of roles and identity providers hold more than a name.
            name === "through" || name === "oidc"
                ? `${name} changes`
                : `${name}: ${shown(from[name])} becomes ${shown(to[name])}`,
        )
        .join(", ");
}
