/** A promise that is settled from outside (Promise.withResolvers of newer Node versions). */
export class Deferred<Value> {
    readonly promise: Promise<Value>;
    resolve!: (value: Value) => void;
    reject!: (reason: unknown) => void;

    constructor() {
        this.promise = new Promise<Value>((resolve, reject) => {
            this.resolve = resolve;
            this.reject = reject;
        });
        // The rejection may come before the first await, which then gets it.
        this.promise.catch(() => {});
    }
}
