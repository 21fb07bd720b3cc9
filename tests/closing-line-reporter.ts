import { writeFileSync } from "node:fs";
import path from "node:path";
import Mocha from "mocha";

/**
 * Mocha's own report, ended by the seed and the one plain line that CI reads: `N passed, N failed, N skipped`. With TEST_TIMES, the
 * milliseconds that each file's tests and hooks took are written to that file as JSON.
 */
class ClosingLineReporter extends Mocha.reporters.Spec {
    readonly #milliseconds: Record<string, number> = {};
    /** What failed once and was repeated. It is printed, so that it is noticed though the run passes. */
    readonly #repeated: string[] = [];

    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
        super(runner, options);
        const add = ({ file, duration }: { file?: string; duration?: number }): void => {
            if (file === undefined) return;
            const name = path.relative(process.cwd(), file);
            this.#milliseconds[name] = (this.#milliseconds[name] ?? 0) + (duration ?? 0);
        };
        runner.on("test end", add);
        runner.on("hook end", add);
        runner.on("retry", (test: Mocha.Test, error?: Error) => {
            this.#repeated.push(`${test.fullTitle()}: ${error?.message.split("\n", 1)[0]}`);
        });
    }

    override epilogue(): void {
        super.epilogue();
        const { TEST_TIMES, TEST_SEED } = process.env;
        if (TEST_TIMES) writeFileSync(TEST_TIMES, JSON.stringify(this.#milliseconds));
        const { passes = 0, failures = 0, pending = 0 } = this.stats;
        for (const line of this.#repeated) console.log(`Repeated after a failure: ${line}`);
        console.log(`Seed ${TEST_SEED}.`);
        console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
    }
}

export = ClosingLineReporter;
