import fc from "fast-check";

/**
 * The seed of everything that is random in a run of the tests. Loaded before the tests by mocha's processes, which inherit it; the
 * closing line tells it. `TEST_SEED=N` repeats a run.
 */
process.env.TEST_SEED ??= String(Math.floor(Date.now() % 1_000_000_000));
export const seed = Number(process.env.TEST_SEED);
fc.configureGlobal({ seed });

/** A generator of numbers from 0 to 1, exclusive, which gives the same numbers for the same seed and purpose (mulberry32). */
export function randomFor(purpose: string, from = seed): () => number {
    let state = from | 0;
    for (const character of purpose) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}
