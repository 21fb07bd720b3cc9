import { isHidden } from "../resources/hidden-value";
import type { DeclarationWithRule, RuleDeclaration } from "../resources/rule-declaration";
import { classifyRules } from "./classify-rules";
import type { EncryptionChange, RuleView } from "./encryption-change";
import { meaningOf } from "./meaning";
import { ruleView } from "./possible-rules";

/** All declarations of one bucket's rule before and after a deployment. */
export interface BucketSides {
    readonly store: string;
    readonly bucket: string | undefined;
    readonly before: RuleDeclaration[];
    readonly after: RuleDeclaration[];
    /** Resources whose rule stays the same according to the engine. */
    readonly untouched: Set<string>;
    /** Whether a resource moves to a bucket that is not known yet, which may be this one. */
    leavesForHidden: boolean;
    /** Whether the engine deletes or replaces a protected resource that declares the rule. */
    protectionIgnored: boolean;
}

/** The change of one bucket's rule; `undefined` when none was declared and none will be. */
export function bucketChange(stack: string, sides: BucketSides): EncryptionChange | undefined {
    const before = withoutLeftovers(sides.before.filter(hasRule));
    const after = sides.after.filter(hasRule);
    const [firstBefore] = before;
    const [firstAfter] = after;
    const primary = firstAfter ?? firstBefore;
    if (primary === undefined) return undefined;
    const bucketDeleted = sides.before.some(isBucket) && !sides.after.some(isBucket) && after.length === 0;
    const { worst, isCertain } = classifyRules({ ...sides, before, after, bucketDeleted });
    const isFault = worst === "removed" || worst === "weakened";
    const isUntouched = worst === "unchanged" && firstAfter !== undefined && sides.untouched.has(firstAfter.urn);
    const isSeen = sides.bucket !== undefined || isFault || isUntouched;
    const seenClass = isCertain && isSeen && !sides.leavesForHidden ? worst : "unknown";
    const changeClass = sides.protectionIgnored ? "protection-ignored" : seenClass;
    const view = firstBefore === undefined ? undefined : ruleView(firstBefore.rule);
    const declared = firstAfter === undefined ? undefined : ruleView(firstAfter.rule);
    const staysStronger = firstAfter?.isMinimum === true && changeClass === "unchanged" && view !== undefined;
    const outcome =
        declared === undefined ? deletionOutcome(firstBefore, bucketDeleted) : staysStronger ? view : declared;
    const change = {
        stack,
        urn: primary.urn,
        urns: [...new Set([...after, ...before].map(({ urn }) => urn))],
        ...(sides.bucket === undefined ? {} : { bucket: sides.bucket }),
        store: sides.store,
        class: changeClass,
        ...(view === undefined ? {} : { before: view }),
        ...(outcome === undefined ? {} : { after: outcome }),
        ...sourceOf(primary),
        managed: firstAfter !== undefined,
    };
    return { ...change, meaning: meaningOf({ change, before, after, bucketDeleted, sides }) };
}

function hasRule(declaration: RuleDeclaration): declaration is DeclarationWithRule {
    return declaration.rule !== undefined;
}

function isBucket(declaration: RuleDeclaration): boolean {
    return declaration.isBucket;
}

/** A replaced resource does not count, unless no other resource declares the rule. */
function withoutLeftovers(declarations: readonly DeclarationWithRule[]): readonly DeclarationWithRule[] {
    const lasting = declarations.filter(({ isLeftover }) => !isLeftover);
    return lasting.length > 0 ? lasting : declarations;
}

/** Only a place inside the project is one that a report may point at. */
function sourceOf({ sourcePosition }: RuleDeclaration): Pick<EncryptionChange, "source"> {
    const [, file, line] = /^project:\/\/\/([^#]+)#(\d{1,9})(?:,|$)/.exec(sourcePosition ?? "") ?? [];
    const isInside = file !== undefined && !file.split("/").some((part) => part === ".." || part === "");
    return isInside && Number(line) > 0 ? { source: { file, line: Number(line) } } : {};
}

/** The rule that a deletion leaves behind. */
function deletionOutcome(declaration: DeclarationWithRule | undefined, bucketDeleted: boolean): RuleView | undefined {
    if (declaration === undefined || bucketDeleted) return undefined;
    const { onDelete, rule, previousRule } = declaration;
    if (onDelete === "retain") return ruleView(rule);
    if (onDelete === "restore" && previousRule !== undefined) return ruleView(previousRule);
    return isHidden(onDelete) ? { text: "decided at deployment", hidden: ["onDelete"] } : undefined;
}
