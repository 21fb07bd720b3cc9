import { describeRule, isAsDeclared, type KeyIdentity, type ObservedRule, ruleChange } from "../../rule";
import type { DeclaredProperties } from "../bucket-encryption-properties";
import { packColumns, unpackColumns } from "./compact-table";
import type { DeclaredSet } from "./declared-set";
import { type DeclaredMembers, membersSinceLast, unpackMembers } from "./members";
import { type HeldBucket, heldColumns, type SetState } from "./set-properties";

/** What a state tells of the buckets of its set, by their names. */
export type HeldBuckets = Map<string, HeldBucket>;

/** More exceptions than these are counted, and found in the packed part. */
const mostExceptionsListed = 100;

/** What differs between a set's state and its declaration. */
export interface SetChanges {
    readonly added: readonly string[];
    readonly rewritten: readonly string[];
    readonly dropped: readonly string[];
}

export function heldBucketsOf(state: DeclaredProperties): HeldBuckets {
    const members = unpackMembers(state as unknown as DeclaredMembers) ?? new Map();
    return unpackColumns<HeldBucket>(members.keys(), state.held) ?? new Map();
}

/**
 * Whether a bucket's rule is as declared. With `atLeast` a stronger one is, too.
 * The same few rules are compared for very many buckets, so each comparison is made once.
 */
export class RuleJudge {
    readonly #identity: KeyIdentity;
    readonly #atLeast: boolean;
    readonly #known = new Map<ObservedRule, Map<ObservedRule, boolean>>();

    constructor(identity: KeyIdentity, { atLeast }: DeclaredProperties) {
        this.#identity = identity;
        this.#atLeast = atLeast === true;
    }

    satisfies(rule: ObservedRule | undefined, declared: ObservedRule | undefined): boolean {
        if (rule === undefined || declared === undefined) return false;
        const known = this.#known.get(rule) ?? new Map<ObservedRule, boolean>();
        this.#known.set(rule, known);
        let verdict = known.get(declared);
        if (verdict === undefined) {
            verdict =
                isAsDeclared(rule, declared, this.#identity) || (this.#atLeast && this.isStronger(rule, declared));
            known.set(declared, verdict);
        }
        return verdict;
    }

    isStronger(rule: ObservedRule, declared: ObservedRule): boolean {
        return ruleChange(rule, declared, this.#identity) === "weakened";
    }
}

/** @param ruleFor the declared rule of a bucket, `undefined` while it isn't known */
export function changesOf(
    held: HeldBuckets,
    declared: DeclaredSet,
    ruleFor: (bucket: string) => ObservedRule | undefined,
    judge: RuleJudge,
): SetChanges {
    const names = [...declared.members.keys()];
    const isAsDeclared = (bucket: string) => {
        const { rule, unconfirmed } = held.get(bucket) as HeldBucket;
        return unconfirmed !== true && judge.satisfies(rule, ruleFor(bucket));
    };
    return {
        added: names.filter((bucket) => !held.has(bucket)),
        rewritten: names.filter((bucket) => held.has(bucket) && !isAsDeclared(bucket)),
        dropped: [...held.keys()].filter((bucket) => !declared.members.has(bucket)),
    };
}

/**
 * The state of a set.
 * @param inputs what was declared; the members are those that are held
 * @param ruleFor the declared rule of a bucket
 */
export function setState(
    inputs: DeclaredProperties,
    held: HeldBuckets,
    ruleFor: (bucket: string) => ObservedRule | undefined,
    judge: RuleJudge,
): SetState {
    const { members, membersSince, exceptions: _, exceptionsNotListed: __, ...others } = inputs;
    const before = unpackMembers(inputs as unknown as DeclaredMembers) ?? new Map();
    // The region that was found is kept in the packed part alone, so that the members stay as they were declared.
    const kept = new Map(
        [...held].map(([bucket, { region }]) => [bucket, before.get(bucket) ?? (region ? { region } : {})]),
    );
    const odd = [...held].filter(([bucket, { rule }]) => !judge.satisfies(rule, ruleFor(bucket)));
    const listed = odd.slice(0, mostExceptionsListed).map(([bucket, { rule }]) => [bucket, describeRule(rule)]);
    return {
        ...others,
        ...membersSinceLast(kept, { members } as DeclaredMembers),
        buckets: held.size,
        held: packColumns(held, heldColumns),
        ...(odd.length > 0 && { exceptions: Object.fromEntries(listed) }),
        ...(odd.length > listed.length && { exceptionsNotListed: odd.length - listed.length }),
    };
}
