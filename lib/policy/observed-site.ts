import { type DeclaredRule, notYetKnown, type ObservedRule, ruleStrength } from "../rule";
import type { EncryptionSite } from "./encryption-site";

/** A rule's property as text; `undefined` where it is not given. */
export function ruleText(rule: DeclaredRule, name: keyof DeclaredRule): string | typeof notYetKnown | undefined {
    const value = rule[name];
    return typeof value === "string" || value === notYetKnown ? value : undefined;
}

/** The rule of a site, as far as it is known: `undecided` names the first property that matters and is unknown. */
export type KnownRule =
    | { readonly undecided: string; readonly rule?: never }
    | { readonly rule: ObservedRule; readonly undecided?: never };

/**
 * The rule that is declared at a site, in a form whose strength can be determined. A key counts only where the algorithm takes one.
 * @returns `undefined` where no rule is declared
 */
export function knownRule(site: EncryptionSite): KnownRule | undefined {
    const { rule } = site;
    if (rule === undefined) return undefined;
    if (rule === notYetKnown) return { undecided: "the rule" };
    const algorithm = ruleText(rule, "sseAlgorithm");
    if (algorithm === notYetKnown) return { undecided: "sseAlgorithm" };
    const observed = { sseAlgorithm: algorithm ?? "" };
    const key = ruleText(rule, "kmsMasterKeyId");
    if (key === undefined || !takesKey(observed)) return { rule: observed };
    return key === notYetKnown ? { undecided: "kmsMasterKeyId" } : { rule: { ...observed, kmsMasterKeyId: key } };
}

/** Whether a customer key can make rules with this algorithm stronger. */
function takesKey({ sseAlgorithm }: ObservedRule): boolean {
    return ruleStrength({ sseAlgorithm }) !== 1;
}
