/** Skips a test or a suite, and says why: a skipped test must not look like one that passed. */
export function skipBecause(test: Mocha.Context, reason: string): never {
    console.warn(`    skipped: ${reason}`);
    return test.skip();
}
