/**
 * Calls a function for each item in order, at most `limit` at the same time. After an error no further one begins; the first error is
 * thrown once the running ones ended.
 */
export async function forEachConcurrently<Item>(
    items: readonly Item[],
    limit: number,
    work: (item: Item) => Promise<void>,
): Promise<void> {
    const running = new Set<Promise<void>>();
    const errors: unknown[] = [];
    let next = 0;
    while (next < items.length || running.size > 0) {
        while (next < items.length && errors.length === 0 && running.size < limit) {
            const one: Promise<void> = work(items[next] as Item)
                .catch((error) => void errors.push(error))
                .finally(() => void running.delete(one));
            running.add(one);
            next += 1;
        }
        if (running.size === 0) break;
        await Promise.race(running);
    }
    if (errors.length > 0) throw errors[0];
}
