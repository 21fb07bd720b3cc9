import type { Environment } from "./cloud/environment";
import type { CloudState } from "./cloud/state";
import { type WrittenInventory, writeInventory } from "./oss/inventory-list";

/** Writes inventory lists on demand, since a test cannot wait a day for the schedule. */
export class Inventories {
    readonly #state: CloudState;
    readonly #environment: Environment;

    constructor(state: CloudState, environment: Environment) {
        this.#state = state;
        this.#environment = environment;
    }

    /**
     * Writes the lists of a bucket's enabled inventory rules.
     * @param id one rule, even a disabled one; by default all enabled rules
     * @returns what was written, or why nothing was written
     */
    write(bucketName: string, id?: string): WrittenInventory[] | string {
        const bucket = this.#state.buckets.get(bucketName);
        if (bucket === undefined) {
            return `There is no bucket ${JSON.stringify(bucketName.slice(0, 63))}.`;
        }
        const rules = bucket.inventories.filter((rule) => (id === undefined ? rule.isEnabled : rule.id === id));
        if (rules.length === 0) {
            return "The bucket has no such inventory rule.";
        }
        const written: WrittenInventory[] = [];
        for (const rule of rules) {
            const list = writeInventory(this.#state, this.#environment, bucket, rule);
            if (list === undefined) {
                return `The account has no bucket ${rule.destination.bucket} in ${bucket.region} for the list.`;
            }
            written.push(list);
        }
        return written;
    }
}
