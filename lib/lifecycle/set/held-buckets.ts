import type { Properties, RuleRecord } from "../../declaration";
import {
    type DeclaredSet,
    known,
    membersSinceLast,
    packColumns,
    type SetState,
    unpackColumns,
    unpackMembers,
} from "../../declaration";
import {
    describeRule,
    isAsDeclared,
    isStronger,
    type KeyIdentity,
    type NotYetKnown,
    notYetKnown,
    type ObservedRule,
} from "../../rule";

/** The records of a set's buckets, by their names. */
export type HeldBuckets = Map<string, RuleRecord>;

export const heldColumns = ["region", "rule", "previous", "unconfirmed"] as const;

/** Exceptions beyond this number are counted; the packed part contains them all. */
const mostExceptionsListed = 100;

/** What differs between a set's state and its declaration. */
export interface SetChanges {
    readonly added: readonly string[];
    readonly rewritten: readonly string[];
    readonly dropped: readonly string[];
    /** Buckets whose rule was changed outside the stack to exactly the declared one. A deployment makes it the stack's, without a request. */
    readonly accepted: readonly string[];
}

export function heldBucketsOf(state: Properties): HeldBuckets {
    const members = unpackMembers(state) ?? new Map();
    return unpackColumns<RuleRecord>(members.keys(), state.held) ?? new Map();
}

/**
 * Whether a bucket's rule is as declared. With `atLeast` a stronger one is, too.
 * The same few rules are compared for very many buckets, so each comparison is made once.
 */
export class RuleJudge {
    readonly #identity: KeyIdentity;
    readonly #atLeast: boolean;
    readonly #verdicts = new Map<ObservedRule, Map<ObservedRule, boolean>>();

    constructor(identity: KeyIdentity, { atLeast }: Properties) {
        this.#identity = identity;
        this.#atLeast = atLeast === true;
    }

    satisfies(rule: ObservedRule | undefined, declared: ObservedRule | NotYetKnown): boolean {
        if (rule === undefined || declared === notYetKnown) return false;
        const verdicts = this.#verdicts.get(rule) ?? new Map<ObservedRule, boolean>();
        this.#verdicts.set(rule, verdicts);
        let verdict = verdicts.get(declared);
        if (verdict === undefined) {
            verdict = this.equals(rule, declared) || (this.#atLeast && isStronger(rule, declared, this.#identity));
            verdicts.set(declared, verdict);
        }
        return verdict;
    }

    equals(rule: ObservedRule | undefined, declared: ObservedRule): boolean {
        return isAsDeclared(rule, declared, this.#identity);
    }
}

export function changesOf(held: HeldBuckets, declared: DeclaredSet, judge: RuleJudge): SetChanges {
    const names = [...declared.members.keys()];
    const isSatisfied = (bucket: string) => {
        const { rule, unconfirmed } = held.get(bucket) ?? {};
        return unconfirmed !== true && judge.satisfies(rule, declared.ruleOf(bucket));
    };
    const isAccepted = (bucket: string) => {
        const { rule, written } = held.get(bucket) ?? {};
        return written !== undefined && isSatisfied(bucket) && judge.equals(rule, known(declared.ruleOf(bucket)));
    };
    return {
        added: names.filter((bucket) => !held.has(bucket)),
        rewritten: names.filter((bucket) => held.has(bucket) && !isSatisfied(bucket)),
        dropped: [...held.keys()].filter((bucket) => !declared.members.has(bucket)),
        accepted: names.filter(isAccepted),
    };
}

/**
 * The state of a set.
 * @param inputs what was declared; the members are those that are held
 * @param declared the same, read
 */
export function setState(inputs: Properties, held: HeldBuckets, declared: DeclaredSet, judge: RuleJudge): SetState {
    const { members, membersSince: _, exceptions: __, exceptionsNotListed: ___, ...others } = inputs;
    // The region that was found is kept in the packed part alone, so that the members stay as they were declared.
    const kept = new Map(
        [...held].map(([bucket, { region }]) => [bucket, declared.members.get(bucket) ?? (region ? { region } : {})]),
    );
    const exceptions = [...held].filter(([bucket, { rule }]) => !judge.satisfies(rule, declared.ruleOf(bucket)));
    const listed = exceptions.slice(0, mostExceptionsListed).map(([bucket, { rule }]) => [bucket, describeRule(rule)]);
    return {
        ...others,
        ...membersSinceLast(kept, { members }),
        buckets: held.size,
        // States have the column only where it is used: without the plugin it is not.
        held: packColumns(held, hasWritten(held) ? [...heldColumns, "written"] : heldColumns),
        ...(exceptions.length > 0 && { exceptions: Object.fromEntries(listed) }),
        ...(exceptions.length > listed.length && { exceptionsNotListed: exceptions.length - listed.length }),
    };
}

function hasWritten(held: HeldBuckets): boolean {
    return [...held.values()].some(({ written }) => written !== undefined);
}
