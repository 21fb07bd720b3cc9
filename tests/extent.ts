/** How long a test that could go on for ever does so. */
export type Extent = { readonly rounds: number } | { readonly seconds: number };

/** Numbers the rounds of a test, from 0 on; there is always one. */
export function* roundsOf(extent: Extent): Generator<number> {
    const deadline = "seconds" in extent ? performance.now() + extent.seconds * 1000 : Number.POSITIVE_INFINITY;
    const count = "rounds" in extent ? extent.rounds : Number.POSITIVE_INFINITY;
    for (let round = 0; round < count && (round === 0 || performance.now() < deadline); round += 1) yield round;
}

export const extentText = (extent: Extent): string =>
    "rounds" in extent ? `${extent.rounds} times` : `for ${extent.seconds} s`;

/** Mocha's limit for such a test: as many seconds for each round, and two minutes for the rest. */
export const limitMs = (extent: Extent, secondsOfRound: number): number =>
    120_000 + 1000 * ("rounds" in extent ? extent.rounds * secondsOfRound : extent.seconds + 2 * secondsOfRound);
