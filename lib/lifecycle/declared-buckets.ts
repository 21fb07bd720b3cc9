import type { ObservedRule } from "../rule";

/**
 * The buckets that a stack's program has declared in one operation so far, by whatever resources, with their rules where they
 * are known.
 */
export class DeclaredBuckets {
    readonly #rules = new Map<unknown, ObservedRule | undefined>();
    readonly #leaving = new Map<string, Promise<void>>();

    has(bucket: unknown): boolean {
        return this.#rules.has(bucket);
    }

    ruleOf(bucket: unknown): ObservedRule | undefined {
        return this.#rules.get(bucket);
    }

    declare(bucket: unknown, rule: ObservedRule | undefined): void {
        this.#rules.set(bucket, rule);
    }

    /**
     * Takes a rule away from a bucket that nobody has declared. Who declares it later waits for that, so that nobody takes
     * over a rule that is about to go.
     */
    async leave(bucket: string, work: () => Promise<void>): Promise<void> {
        const leaving = work();
        this.#leaving.set(
            bucket,
            leaving.catch(() => undefined),
        );
        await leaving;
    }

    /** Resolves once nobody is taking the bucket's rule away. */
    async settled(bucket: string): Promise<void> {
        await this.#leaving.get(bucket);
    }
}
