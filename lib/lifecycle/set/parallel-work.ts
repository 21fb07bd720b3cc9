/** What became of one item: it was done, it failed, or it wasn't begun any more. */
export interface WorkOutcome<Item> {
    readonly failed: ReadonlyMap<Item, unknown>;
    readonly notBegun: readonly Item[];
    /** Why nothing more was begun, to follow `since`. */
    readonly whyNotBegun: string;
}

export interface WorkOptions {
    /** Items under way at once at most. */
    readonly parallel: number;
    /** Whether a failure is of a kind that all others would meet too: nobody gets through. */
    readonly isGeneral: (error: unknown) => boolean;
    /** Once it is aborted, no further item is begun. */
    readonly cancelled?: AbortSignal | undefined;
    /** Called now and then with how many are done, failed ones included. */
    readonly progress?: (done: number) => void;
}

/** So many failures of a general kind in a row, and no success between them, stop the work. */
const generalFailuresInARow = 64;

/**
 * Works on items side by side and goes on when some fail. When nothing at all gets through any more (no credentials, a
 * throttled account, no network), what is left isn't begun, since each would only fail after its own long wait.
 */
export async function workOnAll<Item>(
    items: Iterable<Item>,
    work: (item: Item) => Promise<void>,
    { parallel, isGeneral, cancelled, progress }: WorkOptions,
): Promise<WorkOutcome<Item>> {
    const failed = new Map<Item, unknown>();
    const rest = items[Symbol.iterator]();
    let generalInARow = 0;
    let done = 0;
    const worker = async (): Promise<void> => {
        while (generalInARow < generalFailuresInARow && cancelled?.aborted !== true) {
            const { done: atEnd, value: item } = rest.next();
            if (atEnd) return;
            try {
                await work(item);
                generalInARow = 0;
            } catch (error) {
                failed.set(item, error);
                generalInARow = isGeneral(error) ? generalInARow + 1 : 0;
            }
            done += 1;
            progress?.(done);
        }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
    const notBegun: Item[] = [];
    for (let next = rest.next(); !next.done; next = rest.next()) notBegun.push(next.value);
    const whyNotBegun = cancelled?.aborted ? "the operation was cancelled" : "nothing got through any more";
    return { failed, notBegun, whyNotBegun };
}
