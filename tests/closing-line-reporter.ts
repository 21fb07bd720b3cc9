import Mocha from "mocha";

/** Mocha's own report, ended by the one plain line that CI reads: `N passed, N failed, N skipped`. */
class ClosingLineReporter extends Mocha.reporters.Spec {
    override epilogue(): void {
        super.epilogue();
        const { passes = 0, failures = 0, pending = 0 } = this.stats;
        console.log(`Seed ${process.env.TEST_SEED}.`);
        console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
    }
}

export = ClosingLineReporter;
