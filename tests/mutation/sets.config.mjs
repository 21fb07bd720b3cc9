import rulesAndLifecycle from "./stryker.config.mjs";

/** A run of its own, so that nothing of single buckets counts as tested by what sets need of it. */
export default {
    ...rulesAndLifecycle,
    mochaOptions: {
        ...rulesAndLifecycle.mochaOptions,
        spec: ["tests/lifecycle/set/*.test.ts"],
    },
    mutate: ["lib/lifecycle/set/*.ts"],
    jsonReporter: { fileName: "mutation-report-sets.json" },
};
