import type { StoreSupport } from "./argument-row";
import { type ObservedRule, type SseAlgorithm, sseAlgorithms } from "./rule-arguments";

/** Which rules a kind of store can hold. Nothing else about a store matters to a rule. */
export interface RuleCapabilities extends StoreSupport {
    /** The algorithms that it has, in the order in which messages name them. */
    readonly sseAlgorithms: readonly SseAlgorithm[];
}

/** What the services of a kind of store differ in, as far as it matters to who declares rules. */
export interface StoreCapabilities extends RuleCapabilities {
    /** The kind of store. */
    readonly store: string;
    readonly optionalArguments: readonly string[];
    /**
     * The rule that a bucket has before any write, and that it returns to when its rule is removed; absent where such a
     * bucket has none. It has no owner, so a write over it takes nothing from another owner.
     */
    readonly ruleByItself?: ObservedRule;
    /** Whether a key can be looked up before it is used. */
    readonly keyLookup: boolean;
    /** Which other resource is likely to write the rule, for messages. */
    readonly usualSecondOwner: string;
}

/** What one store or another can hold, for where the store is not known. */
export const capabilitiesOfAnyStore: RuleCapabilities = { sseAlgorithms };
