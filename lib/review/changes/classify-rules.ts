import { isStronger, type ObservedRule, ruleChange } from "../../rule";
import { differingAccess } from "../resources/account-access";
import { isHidden } from "../resources/hidden-value";
import type { DeclarationWithRule } from "../resources/rule-declaration";
import { type ChangeClass, changeClasses } from "./change-class";
import { possibleRules } from "./possible-rules";

export interface ComparedSides {
    /** Resources whose rule stays the same according to the engine. */
    readonly untouched: ReadonlySet<string>;
    readonly before: readonly DeclarationWithRule[];
    readonly after: readonly DeclarationWithRule[];
    readonly bucketDeleted: boolean;
}

/** The classes that a change may turn out to be. */
interface SideClasses {
    readonly found: Set<ChangeClass>;
    /** Whether a hidden value decides which. */
    hasHidden: boolean;
}

export interface Classification {
    readonly worst: ChangeClass;
    /** False when hidden values decide what it will be. A hidden value never leads to a pass. */
    readonly isCertain: boolean;
}

/** Which classes a change of a bucket's rule may have: more than one where values are hidden, or where it has two owners. */
export function classifyRules(sides: ComparedSides): Classification {
    const classes: SideClasses = { found: new Set(), hasHidden: false };
    if (sides.after.length === 0) {
        for (const declaration of sides.before) addDeletion(classes, declaration, sides.bucketDeleted);
        return worstOf(classes);
    }
    if (sides.before.length === 0) {
        classes.found.add("added");
        classes.hasHidden = sides.after.some(
            (after) => possibleRules(after.rule, "after").hidden.length > 0 || mayWeakenUnseen(after),
        );
        return worstOf(classes);
    }
    for (const after of sides.after) {
        // A resource is compared with itself, and a new one with the resources that declared the rule before.
        const own = sides.before.filter(({ urn }) => urn === after.urn);
        for (const before of own.length > 0 ? own : sides.before) {
            if (sides.untouched.has(after.urn) && before.urn === after.urn) classes.found.add("unchanged");
            else {
                addComparison(classes, before.rule, after.rule, after.isMinimum);
                addAccess(classes, before, after);
            }
        }
    }
    return worstOf(classes);
}

/** The strongest rule that a bucket may have, with a key that no declaration names. */
const strongestUnseen: ObservedRule = { sseAlgorithm: "KMS", kmsMasterKeyId: "(a key that is not shown)" };

/** Whether creating a resource may weaken a rule that the bucket has from outside the stack. A preview shows no such rule. */
export function mayWeakenUnseen({ rule, mayOverwrite = false, isMinimum = false }: DeclarationWithRule): boolean {
    if (!mayOverwrite) return false;
    return possibleRules(rule, "after").rules.some((declared) =>
        ["weakened", "unknown"].includes(classOf(strongestUnseen, declared, isMinimum)),
    );
}

function addDeletion(classes: SideClasses, declaration: DeclarationWithRule, bucketDeleted: boolean): void {
    const { onDelete, rule, previousRule } = declaration;
    if (bucketDeleted || onDelete === "remove" || (onDelete === "restore" && previousRule === undefined)) {
        classes.found.add("removed");
    } else if (onDelete === "retain") {
        classes.found.add("unchanged");
    } else if (onDelete === "restore" && previousRule !== undefined) {
        addComparison(classes, rule, previousRule);
    } else {
        classes.found.add("unknown");
    }
}

function addComparison(
    classes: SideClasses,
    before: DeclarationWithRule["rule"],
    after: DeclarationWithRule["rule"],
    isMinimum = false,
): void {
    const from = possibleRules(before, "before");
    const to = possibleRules(after, "after");
    if (from.hidden.length + to.hidden.length > 0) classes.hasHidden = true;
    for (const one of from.rules) for (const other of to.rules) classes.found.add(classOf(one, other, isMinimum));
}

function classOf(from: ObservedRule, to: ObservedRule, isMinimum: boolean): ChangeClass {
    const change = ruleChange(from, to);
    if (change === "not-comparable") return "unknown";
    if (isMinimum && isStronger(from, to)) return "unchanged";
    // A bucket key (`bucketKeyEnabled`) makes encryption neither weaker nor stronger.
    return change === "setting-changed" ? "unchanged" : change;
}

/** Accounts can be compared only where both sides declare them with the same properties. */
function addAccess(classes: SideClasses, before: DeclarationWithRule, after: DeclarationWithRule): void {
    if (!saysAccessAlike(before, after)) return;
    for (const name of differingAccess(before.access, after.access)) {
        if (isHidden(before.access[name]) || isHidden(after.access[name])) classes.hasHidden = true;
        classes.found.add("account-changed");
        if (name === "service" && mayWeakenUnseen(after)) classes.found.add("unknown");
    }
}

function saysAccessAlike(before: DeclarationWithRule, after: DeclarationWithRule): boolean {
    const packageOf = (type: string) => type.split(":")[0];
    return packageOf(before.type) === packageOf(after.type);
}

function worstOf({ found, hasHidden }: SideClasses): Classification {
    const classes = changeClasses.filter((name) => found.has(name));
    const worst = classes[0] ?? "unchanged";
    const isFault = worst === "removed" || worst === "weakened";
    return { worst, isCertain: !hasHidden || (classes.length === 1 && isFault) };
}
