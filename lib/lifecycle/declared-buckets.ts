import type { ObservedRule } from "../rule";

/**
 * The buckets that a stack's program has declared in one operation so far, by whatever resources, with their rules where they
 * are known.
 */
export class DeclaredBuckets {
    /** Buckets by their names, as far as a deletion may rely on them. */
    readonly #names = new Set<string>();
    /** By the place at which the bucket is reached. */
    readonly #rules = new Map<string, ObservedRule>();
    readonly #leaving = new Map<string, Promise<void>>();

    has(name: string): boolean {
        return this.#names.has(name);
    }

    add(name: string): void {
        this.#names.add(name);
    }

    ruleAt(place: string): ObservedRule | undefined {
        return this.#rules.get(place);
    }

    setRule(place: string, rule: ObservedRule): void {
        this.#rules.set(place, rule);
    }

    /**
     * Takes a rule away from a bucket that nobody has declared. Who declares it later waits for that, so that nobody takes
     * over a rule that is about to go.
     */
    async leave(name: string, work: () => Promise<void>): Promise<void> {
        const leaving = work();
        this.#leaving.set(
            name,
            leaving.catch(() => undefined),
        );
        await leaving;
    }

    /** Resolves once nobody is taking the bucket's rule away. */
    async settled(name: string): Promise<void> {
        await this.#leaving.get(name);
    }
}
