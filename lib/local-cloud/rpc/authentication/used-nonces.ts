/** Nonces of signatures, kept as long as such a signature could be replayed. */
export class UsedNonces {
    /** In the order of their times. */
    readonly #times = new Map<string, number>();

    /** @returns false when the nonce was used before */
    use(accessKeyId: string, nonce: string, now: number, keepMs: number): boolean {
        for (const [used, time] of this.#times) {
            if (time + keepMs >= now && this.#times.size < maxNonces) {
                break;
            }
            this.#times.delete(used);
        }
        const name = `${accessKeyId} ${nonce}`;
        if (this.#times.has(name)) {
            return false;
        }
        this.#times.set(name, now);
        return true;
    }
}

/** A bound for memory: more requests in half an hour than a test makes. */
const maxNonces = 100_000;
