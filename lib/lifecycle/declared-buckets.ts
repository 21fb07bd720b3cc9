import type { Declaration, Place, RuleRecord } from "../declaration";
import { type KeyIdentity, notYetKnown, type ObservedRule, rulesEqual } from "../rule";

/** The buckets that the resources of a stack declare in one operation, and what the operation learned of their rules. */
export class DeclaredBuckets {
    /** Identities of places, see `Place.identity`. */
    readonly #identities = new Set<string>();
    /** Declared rules by the keys of their places. */
    readonly #rules = new Map<string, ObservedRule>();
    readonly #leaving = new Map<string, Promise<void>>();
    /** Records from the states of this operation, by the places' identities. */
    readonly #records = new Map<string, RuleRecord>();
    /** Records of resources that were created in this operation, by the places' identities. */
    readonly #created = new Map<string, RuleRecord>();

    has(place: Place): boolean {
        return this.#identities.has(place.identity);
    }

    /**
     * Notes that a resource declares a rule for a bucket. An engine checks a resource twice when it replaces it, so the same rule may
     * be noted again.
     * @returns the other rule that another resource declares for the bucket
     */
    claim({ identity, place, rule }: Pick<Declaration, "identity" | "place" | "rule">, keyIdentity: KeyIdentity) {
        if (identity !== notYetKnown) this.#identities.add(identity);
        if (place === notYetKnown || rule === notYetKnown) return undefined;
        const other = this.#rules.get(place.key);
        this.#rules.set(place.key, rule);
        return other === undefined || rulesEqual(rule, other, keyIdentity) ? undefined : other;
    }

    /** Keeps the record of a resource's state, for a resource that replaces it in this operation. */
    noteState(place: Place, record: RuleRecord): void {
        this.#records.set(place.identity, record);
    }

    recordAt(place: Place): RuleRecord | undefined {
        return this.#records.get(place.identity);
    }

    noteCreated(place: Place, record: RuleRecord): void {
        this.#created.set(place.identity, record);
    }

    createdAt(place: Place): RuleRecord | undefined {
        return this.#created.get(place.identity);
    }

    /**
     * Takes the rule away from a bucket that is not declared. A resource that declares it later waits for that, so it does not take
     * over a rule that is about to go.
     */
    async leave(place: Place, work: () => Promise<void>): Promise<void> {
        const leaving = work();
        this.#leaving.set(
            place.identity,
            leaving.catch(() => undefined),
        );
        await leaving;
    }

    /** Resolves when no resource is taking the bucket's rule away. */
    async settled(place: Place): Promise<void> {
        await this.#leaving.get(place.identity);
    }
}
