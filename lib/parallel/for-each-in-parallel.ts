export interface ParallelOptions {
    /** The most items in progress at the same time. */
    readonly parallel: number;
    /** Asked before each item; once it says no, no further item is begun. */
    readonly mayContinue?: () => boolean;
}

/**
 * Works on items in their order, several at the same time. After an error no further item is begun; the first error is thrown once
 * those in progress ended.
 * @returns the items that were not begun
 */
export async function forEachInParallel<Item>(
    items: Iterable<Item>,
    { parallel, mayContinue = () => true }: ParallelOptions,
    work: (item: Item) => Promise<void>,
): Promise<Item[]> {
    const rest = items[Symbol.iterator]();
    const errors: unknown[] = [];
    const worker = async (): Promise<void> => {
        while (errors.length === 0 && mayContinue()) {
            const next = rest.next();
            if (next.done) return;
            try {
                await work(next.value);
            } catch (error) {
                errors.push(error);
            }
        }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
    if (errors.length > 0) throw errors[0];
    return Array.from({ [Symbol.iterator]: () => rest });
}
