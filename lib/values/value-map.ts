import { canonicalJson } from "./canonical-json";

/** A map whose keys are compared by their members, in any order, nested ones included. */
export class ValueMap<Key, Value> {
    readonly #values = new Map<string, Value>();

    get(key: Key): Value | undefined {
        return this.#values.get(canonicalJson(key));
    }

    set(key: Key, value: Value): void {
        this.#values.set(canonicalJson(key), value);
    }

    /** The key's value, made and kept when it is absent. */
    ensured(key: Key, make: () => Value): Value {
        const text = canonicalJson(key);
        let value = this.#values.get(text);
        if (value === undefined) {
            value = make();
            this.#values.set(text, value);
        }
        return value;
    }

    values(): IterableIterator<Value> {
        return this.#values.values();
    }
}
