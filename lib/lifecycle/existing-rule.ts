import type { Declaration, KnownDeclaration, RuleRecord } from "../declaration";
import { capitalized, errorCatalogue, UserError } from "../errors";
import {
    canonicalizeRule,
    describeReplacement,
    describeRule,
    isAsDeclared,
    isStronger,
    type KeyIdentity,
    notYetKnown,
    type ObservedRule,
    ruleChange,
    rulesEqual,
} from "../rule";

/** The decision about a bucket's rule. */
export type RuleDecision =
    /** Nothing is written, and the bucket has this rule. */
    | { readonly act: "keep"; readonly rule: ObservedRule; readonly notice?: string }
    /** The declared rule is written. */
    | { readonly act: "write"; readonly notice?: string }
    | { readonly act: "refuse"; readonly kind: "weaker-rule" | "rule-exists"; readonly reason: string };

/** The input of the decision. */
type Deciding = "bucket" | "place" | "rule" | "existingRule" | "atLeast";
export type DecidableDeclaration = Pick<KnownDeclaration, Deciding>;

/** What to do about a refused rule, to follow a sentence of a check. */
export function refusalCure(kind: "weaker-rule" | "rule-exists"): string {
    return errorCatalogue[kind].cure.replace(/\.$/, "");
}

/** Whether the input of the decision is known. */
export function isDecidable(declaration: Declaration): declaration is Declaration & DecidableDeclaration {
    const { bucket, place, rule, existingRule, atLeast } = declaration;
    return ![bucket, place, rule, existingRule, atLeast].some((part) => part === notYetKnown);
}

/**
 * Decides for a resource that is created. The service's own rule has no owner, so it counts as none; only an equal one needs no
 * write.
 *
 * | existingRule         | none there | equal     | stronger or another key | weaker, or not comparable |
 * | -------------------- | ---------- | --------- | ----------------------- | ------------------------- |
 * | `adopt`              | write      | keep      | write, with a notice    | refuse                    |
 * | `overwrite`          | write      | write     | write, with a notice    | write, with a notice      |
 * | `fail`               | write      | refuse    | refuse                  | refuse                    |
 *
 * "Stronger" and "weaker" are the declared rule against the one that is there. With `atLeast`, a rule that the declared one would
 * weaken is kept in every row.
 */
export function decideOnExistingRule(
    { bucket, place, rule: declared, existingRule, atLeast }: DecidableDeclaration,
    found: ObservedRule | undefined,
    identity: KeyIdentity,
): RuleDecision {
    if (found === undefined) return { act: "write" };
    if (atLeast && isStronger(found, declared, identity)) return { act: "keep", rule: canonicalizeRule(found) };
    const { serviceRule } = place.reach.features;
    if (serviceRule !== undefined && rulesEqual(found, serviceRule)) {
        return existingRule === "adopt" && rulesEqual(found, declared, identity)
            ? { act: "keep", rule: declared }
            : { act: "write" };
    }
    const has = `bucket ${bucket} has a default encryption rule already (${describeRule(found)})`;
    if (existingRule === "fail") {
        return { act: "refuse", kind: "rule-exists", reason: `${has}, and existingRule is "fail"` };
    }
    const change = ruleChange(found, declared, identity);
    if (change === "unchanged") {
        return existingRule === "adopt"
            ? { act: "keep", rule: declared, notice: `${has}, which equals the declared one: it is adopted` }
            : { act: "write" };
    }
    const present = describeReplacement(found, declared);
    const replaced = `it is replaced by ${present}`;
    if (change === "weakened" || change === "not-comparable") {
        const what =
            change === "weakened"
                ? `the declared one (${present}) would weaken it`
                : `the declared one (${present}) may weaken it, which this version cannot determine`;
        if (existingRule === "adopt") {
            return { act: "refuse", kind: "weaker-rule", reason: `${has}, and ${what}` };
        }
        return { act: "write", notice: `${has}; ${replaced}, although ${what}` };
    }
    return { act: "write", notice: `${has}; ${replaced} (${change.replaceAll("-", " ")})` };
}

/** Decides for a resource whose rule is known from its state. */
export function decideOnKnownRule(
    { rule: declared, atLeast }: Pick<DecidableDeclaration, "rule" | "atLeast">,
    { rule: known, unconfirmed }: RuleRecord,
    identity: KeyIdentity,
): RuleDecision {
    if (known === undefined || unconfirmed === true) return { act: "write" };
    if (isAsDeclared(known, declared, identity)) {
        const { unrecognized } = known;
        return { act: "keep", rule: unrecognized === undefined ? declared : { ...declared, unrecognized } };
    }
    return atLeast && isStronger(known, declared, identity) ? { act: "keep", rule: known } : { act: "write" };
}

export function refusal(
    { kind, reason }: Extract<RuleDecision, { act: "refuse" }>,
    where: { readonly bucket: string },
): UserError {
    return new UserError(kind, capitalized(reason), where);
}
