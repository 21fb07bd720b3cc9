import type { Place } from "../declaration";
import type { ObservedRule } from "../rule";
import type { LifecycleLimits, LifecyclePorts } from "./lifecycle-ports";

type ForesightLimits = Pick<
    LifecycleLimits,
    "foresightMilliseconds" | "quickReadingMilliseconds" | "freshReadingMilliseconds"
>;
type Reading = Promise<ObservedRule | undefined>;

/**
 * The readings that checks make of buckets before their resources are created. Each bucket is read once: creating the resource
 * continues with the result, unless it is old by then. All checks of an operation share one time budget, since an engine checks one
 * resource after the other.
 */
export class Foresight {
    readonly #wait: LifecyclePorts["wait"];
    /** By the keys of the places. */
    readonly #readings = new Map<string, { readonly result: Reading; readonly begun: number; hasFailed: boolean }>();
    readonly #limits: ForesightLimits;
    #millisecondsLeft: number;

    constructor(limits: ForesightLimits, wait: LifecyclePorts["wait"]) {
        this.#limits = limits;
        this.#millisecondsLeft = limits.foresightMilliseconds;
        this.#wait = wait;
    }

    /** The rule that a bucket has. */
    look(place: Place, read: () => Reading): Reading {
        const known = this.#readings.get(place.key);
        if (known !== undefined) return known.result;
        const reading = { result: read(), begun: performance.now(), hasFailed: false };
        this.#readings.set(place.key, reading);
        // Its caller learns of a failure.
        reading.result.catch(() => {
            reading.hasFailed = true;
        });
        return reading.result;
    }

    /**
     * A reading that was made or is under way, once. One that failed is dropped, since the cause may be gone, and so is an old one, since
     * others may have written a rule.
     */
    take(place: Place): Reading | undefined {
        const reading = this.#readings.get(place.key);
        this.#readings.delete(place.key);
        if (reading === undefined || reading.hasFailed) return undefined;
        const isFresh = performance.now() - reading.begun <= this.#limits.freshReadingMilliseconds;
        return isFresh ? reading.result : undefined;
    }

    /** The result of work, or `undefined` when it takes longer than the rest of the budget. */
    async inTime<T>(work: Promise<T>): Promise<T | undefined> {
        const begun = performance.now();
        const free = this.#millisecondsLeft > 0 ? this.#limits.quickReadingMilliseconds : 0;
        // Most work is done at once. A timer for each would stay until the budget is over.
        const done = new AbortController();
        const late = this.#wait(this.#millisecondsLeft + free, done.signal).then(
            () => undefined,
            () => undefined,
        );
        const outcome = await Promise.race([work, late]).finally(() => done.abort());
        const charged = Math.max(0, performance.now() - begun - free);
        this.#millisecondsLeft = Math.max(0, this.#millisecondsLeft - charged);
        return outcome;
    }
}
