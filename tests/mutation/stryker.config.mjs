/** For a copy of the repository that tests/mutation/run.sh makes; see docs/mutation-testing.md. */
export default {
    testRunner: "mocha",
    mochaOptions: {
        config: "tests/mutation/mocharc.json",
        spec: ["tests/rule/*.test.ts", "tests/declaration/**/*.test.ts", "tests/lifecycle/**/*.test.ts"],
    },
    mutate: ["lib/rule/*.ts", "lib/declaration/**/*.ts", "lib/lifecycle/**/*.ts", "!lib/*/index.ts"],
    coverageAnalysis: "perTest",
    reporters: ["clear-text", "json", "progress-append-only"],
    jsonReporter: { fileName: "mutation-report.json" },
    clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
};
