import { forEachInParallel, type ParallelOptions } from "../../parallel";

/** The outcome of work on many items. */
export interface WorkOutcome<Item> {
    readonly failed: ReadonlyMap<Item, unknown>;
    readonly notStarted: readonly Item[];
    /** Why the rest was not started, to follow `since`. */
    readonly whyNotStarted: string;
}

export interface WorkOptions extends Pick<ParallelOptions, "parallel"> {
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
    let generalInARow = 0;
    let done = 0;
    const mayContinue = (): boolean => generalInARow < generalFailuresInARow && cancelled?.aborted !== true;
    const notStarted = await forEachInParallel(items, { parallel, mayContinue }, async (item) => {
        try {
            await work(item);
            generalInARow = 0;
        } catch (error) {
            failed.set(item, error);
            generalInARow = isGeneral(error) ? generalInARow + 1 : 0;
        }
        done += 1;
        progress?.(done);
    });
    const whyNotStarted = cancelled?.aborted ? "the operation was cancelled" : "no request succeeds any more";
    return { failed, notStarted, whyNotStarted };
}
