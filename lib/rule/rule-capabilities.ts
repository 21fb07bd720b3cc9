import type { StoreSupport } from "./argument-row";
import { type ObservedRule, type SseAlgorithm, sseAlgorithms } from "./rule-arguments";

/** Which rules a kind of store can hold. Nothing else about a store matters to a rule. */
export interface RuleCapabilities extends StoreSupport {
    /** The algorithms that it has, in the order in which messages name them. */
    readonly sseAlgorithms: readonly SseAlgorithm[];
}

/** The differences between kinds of store that matter for declared rules. */
export interface StoreCapabilities extends RuleCapabilities {
    /** The kind of store. */
    readonly store: string;
    readonly optionalArguments: readonly string[];
    /**
     * The rule that a bucket has before any write, and that it returns to when its rule is removed; absent where such a
     * bucket has none. It has no owner, so a write over it takes nothing from another owner.
     */
    readonly serviceRule?: ObservedRule;
    /** Whether a key can be looked up before it is used. */
    readonly keyLookup: boolean;
    /** Which other resource is likely to write the rule, for messages. */
    readonly usualSecondOwner: string;
}

/** The capabilities of all stores together, for an unknown store. */
export const capabilitiesOfAnyStore: RuleCapabilities = { sseAlgorithms };
