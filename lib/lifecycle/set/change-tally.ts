import { namesText } from "../names-text";

/** Buckets grouped by their change, one line for each kind of change. */
export class ChangeTally {
    readonly #buckets = new Map<string, string[]>();

    add(change: string, bucket: string): void {
        const buckets = this.#buckets.get(change);
        if (buckets === undefined) this.#buckets.set(change, [bucket]);
        else buckets.push(bucket);
    }

    /** For instance `bucket logs: no rule → AES256`, or `1200 buckets: no rule → AES256 (logs-1, logs-2 and 1198 more)`. */
    lines(): string[] {
        return [...this.#buckets].map(([change, buckets]) =>
            buckets.length === 1
                ? `bucket ${buckets[0]}: ${change}`
                : `${buckets.length} buckets: ${change} (${namesText(buckets.sort())})`,
        );
    }
}
