import type { Place } from "../declaration";
import type { ObservedRule } from "../rule";

type Reading = Promise<ObservedRule | undefined>;

/**
 * What checks read of buckets before their resources are created. Each bucket is read once: creating the resource continues with
 * the result. All checks of an operation share one time budget, since an engine checks one resource after the other.
 */
export class Foresight {
    readonly #wait: (milliseconds: number) => Promise<void>;
    /** By the keys of the places. */
    readonly #readings = new Map<string, Reading>();
    readonly #quickMilliseconds: number;
    #millisecondsLeft: number;

    /** @param quickMilliseconds how long work may take without taking anything of the budget, as long as there is one */
    constructor(budgetMilliseconds: number, quickMilliseconds: number, wait: (milliseconds: number) => Promise<void>) {
        this.#millisecondsLeft = budgetMilliseconds;
        this.#quickMilliseconds = quickMilliseconds;
        this.#wait = wait;
    }

    /** The rule that a bucket has. */
    look(place: Place, read: () => Reading): Reading {
        const reading = this.#readings.get(place.key) ?? read();
        this.#readings.set(place.key, reading);
        // Its caller learns of a failure, and creating the resource reads again.
        reading.catch(() => undefined);
        return reading;
    }

    /** A reading that was made, once. */
    take(place: Place): Reading | undefined {
        const reading = this.#readings.get(place.key);
        this.#readings.delete(place.key);
        return reading;
    }

    /** The result of work, or `undefined` when it takes longer than the rest of the budget. */
    async inTime<T>(work: Promise<T>): Promise<T | undefined> {
        const begun = performance.now();
        const free = this.#millisecondsLeft > 0 ? this.#quickMilliseconds : 0;
        const late = this.#wait(this.#millisecondsLeft + free).then(
            () => undefined,
            () => undefined,
        );
        const outcome = await Promise.race([work, late]);
        const charged = Math.max(0, performance.now() - begun - free);
        this.#millisecondsLeft = Math.max(0, this.#millisecondsLeft - charged);
        return outcome;
    }
}
