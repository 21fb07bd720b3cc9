/** A map whose keys are compared by their members, in any order, and which makes a value when its key is asked for first. */
export class ValueMap<Key, Value> {
    readonly #values = new Map<string, Value>();

    /** The key's value, made and kept when it is absent. */
    ensured(key: Key, make: () => Value): Value {
        const text = textOf(key);
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

/** Members that are undefined count as absent. */
const textOf = (key: unknown): string =>
    JSON.stringify(key, (_, member: unknown) =>
        typeof member === "object" && member !== null && !Array.isArray(member)
            ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
            : member,
    );
