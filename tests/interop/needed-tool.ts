/** Why something that is installed for these tests is missing here. */
export class ToolUnavailable extends Error {}

/**
 * Starts what a test needs. Without it the test is skipped, with the reason; in CI, where a skipped test would be a silent hole, it fails.
 */
export async function needed<Tool>(test: Mocha.Context, start: () => Promise<Tool>): Promise<Tool> {
    try {
        return await start();
    } catch (error) {
        if (!(error instanceof ToolUnavailable) || process.env.CI !== undefined) throw error;
        console.warn(`    skipped: ${error.message}`);
        return test.skip();
    }
}
