import { UserError } from "../errors";
import { describeRule, type KeyIdentity, type ObservedRule, ruleChange, rulesEqual } from "../rule";
import type { ExistingRule } from "./bucket-encryption-properties";

/** What creating a resource does about the rule that its bucket has already. */
export type ExistingRuleDecision =
    /** The declared rule is there: nothing is written. */
    | { readonly act: "take-over"; readonly notice?: string }
    /** The declared rule is written, over what is there. */
    | { readonly act: "write"; readonly notice?: string }
    | { readonly act: "refuse"; readonly kind: "weaker-rule" | "rule-exists"; readonly reason: string };

/** What is declared for a bucket that may have a rule already. */
export interface DeclaredAgainstExisting {
    readonly bucket: string;
    readonly declared: ObservedRule;
    readonly existingRule: ExistingRule;
    readonly identity: KeyIdentity;
    /** The rule that the service gives a bucket for which nobody wrote one. */
    readonly ruleByItself: ObservedRule | undefined;
}

/**
 * A rule that the service gives by itself is nobody's, so it counts as none; only an equal one needs no write.
 *
 * | existingRule | none there | equal     | stronger or another key | weaker, or not comparable |
 * | ------------ | ---------- | --------- | ----------------------- | ------------------------- |
 * | `adopt`      | write      | take over | write, with a notice    | refuse                    |
 * | `overwrite`  | write      | write     | write, with a notice    | write, with a notice      |
 * | `fail`       | write      | refuse    | refuse                  | refuse                    |
 */
export function decideOnExistingRule(
    { bucket, declared, existingRule, identity, ruleByItself }: DeclaredAgainstExisting,
    found: ObservedRule | undefined,
): ExistingRuleDecision {
    if (found === undefined) return { act: "write" };
    if (ruleByItself !== undefined && rulesEqual(found, ruleByItself)) {
        return existingRule === "adopt" && rulesEqual(found, declared, identity)
            ? { act: "take-over" }
            : { act: "write" };
    }
    const has = `bucket ${bucket} has a default encryption rule already (${describeRule(found)})`;
    if (existingRule === "fail") {
        const reason = `${has}, and existingRule is "fail"`;
        return { act: "refuse", kind: "rule-exists", reason };
    }
    const change = ruleChange(found, declared, identity);
    if (change === "unchanged") {
        return existingRule === "adopt"
            ? { act: "take-over", notice: `${has}, which is the declared one: it is taken over as it is` }
            : { act: "write" };
    }
    const replaced = `it is replaced by ${describeRule(declared)}`;
    if (change === "weakened" || change === "not-comparable") {
        const what =
            change === "weakened"
                ? `the declared one (${describeRule(declared)}) would weaken it`
                : `whether the declared one (${describeRule(declared)}) would weaken it can't be told`;
        if (existingRule === "adopt") {
            return { act: "refuse", kind: "weaker-rule", reason: `${has}, and ${what}` };
        }
        return { act: "write", notice: `${has}; ${replaced}, though ${what}` };
    }
    return { act: "write", notice: `${has}; ${replaced} (${change.replaceAll("-", " ")})` };
}

export function refusal(
    { kind, reason }: Extract<ExistingRuleDecision, { act: "refuse" }>,
    where: { readonly bucket: string },
): UserError {
    return new UserError(kind, reason.charAt(0).toUpperCase() + reason.slice(1), where);
}
