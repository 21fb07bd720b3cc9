import { type SseAlgorithm, sseAlgorithms } from "./rule-arguments";

/** Which rules a kind of store can hold. Nothing else about a store matters to a rule. */
export interface RuleCapabilities {
    /** The kind of store, by which the rows tell whether it supports an argument; absent for any kind. */
    readonly store?: string;
    /** The algorithms that it has, in the order in which messages name them. */
    readonly sseAlgorithms: readonly SseAlgorithm[];
}

/** What one store or another can hold, for where the store is not known. */
export const capabilitiesOfAnyStore: RuleCapabilities = { sseAlgorithms };
