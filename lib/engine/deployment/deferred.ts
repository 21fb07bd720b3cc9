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
        // Somebody who awaits it gets the failure; it may come before anybody does.
        this.promise.catch(() => {});
    }
}
