import { validateFault } from "./configuration/faults-validation";
import type { Fault, FaultEffect } from "./fault";

/** A fault that is active. */
export interface ActiveFault {
    readonly id: number;
    readonly fault: Fault;
    /** Requests that it will still meet; undefined is unlimited. */
    readonly left: number | undefined;
}

/**
 * Faults on demand. When several faults match a request, the one that was added first is played. A probability is drawn
 * for each request.
 */
export class Faults {
    #active: ActiveFault[] = [];
    #lastId = 0;

    readonly #random: () => number;

    /** @param random from 0 to below 1 */
    constructor(random: () => number = Math.random) {
        this.#random = random;
    }

    /**
     * @returns removes the fault
     * @throws LocalCloudConfigurationError when there is no such fault
     */
    add(fault: Fault): () => void {
        const { id } = this.activate(fault);
        return () => void this.remove(id);
    }

    /** As `add`. */
    activate(fault: Fault): ActiveFault {
        validateFault(fault, "The description of the fault");
        this.#lastId += 1;
        const active = { id: this.#lastId, fault, left: fault.count };
        this.#active.push(active);
        return active;
    }

    list(): readonly ActiveFault[] {
        return this.#active;
    }

    /** @returns whether there was such a fault */
    remove(id: number): boolean {
        const before = this.#active.length;
        this.#active = this.#active.filter((active) => active.id !== id);
        return this.#active.length < before;
    }

    clear(): void {
        this.#active = [];
    }

    /** The effect on a request. It counts as met. */
    take(request: { operation: string | undefined; bucket: string | undefined }): FaultEffect | undefined {
        const met = this.#active.find(
            ({ fault }) =>
                (fault.operation ?? request.operation) === request.operation &&
                (fault.bucket ?? request.bucket) === request.bucket &&
                (fault.probability === undefined || this.#random() < fault.probability),
        );
        if (met?.left !== undefined) {
            const left = met.left - 1;
            this.#active = this.#active
                .map((active) => (active === met ? { ...met, left } : active))
                .filter((active) => active.left !== 0);
        }
        return met?.fault;
    }
}
