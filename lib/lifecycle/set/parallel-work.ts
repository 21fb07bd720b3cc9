/** The outcome of work on many items. */
export interface WorkOutcome<Item> {
    readonly failed: ReadonlyMap<Item, unknown>;
    readonly notStarted: readonly Item[];
    /** Why the rest was not started, to follow `since`. */
    readonly whyNotStarted: string;
}

export interface WorkOptions {
    /** The most items in progress at the same time. */
    readonly parallel: number;
    /** Whether a failure is of a kind that every other item would meet, too. */
    readonly isGeneral: (error: unknown) => boolean;
    /** After it is aborted, no further item is started. */
    readonly cancelled?: AbortSignal | undefined;
    /** Called after each item with the number that are done, failed ones included. */
    readonly progress?: (done: number) => void;
}

/** So many failures of a general kind in a row, without a success between them, stop the work. */
const generalFailuresInARow = 64;

/**
 * Works on items in parallel and continues when some fail. When no item succeeds any more (no credentials, a throttled account, no
 * network), the rest is not started, since each would only fail after its own long wait.
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
    const notStarted: Item[] = [];
    for (let next = rest.next(); !next.done; next = rest.next()) notStarted.push(next.value);
    const whyNotStarted = cancelled?.aborted ? "the operation was cancelled" : "no request succeeds any more";
    return { failed, notStarted, whyNotStarted };
}
