import rulesAndLifecycle from "./stryker.config.mjs";

/** Sets are tested with the local cloud, so this takes longer and is a run of its own. */
export default {
    ...rulesAndLifecycle,
    mochaOptions: {
        ...rulesAndLifecycle.mochaOptions,
        spec: ["tests/lifecycle/set/*.test.ts", "tests/pulumi/set-provider.test.ts"],
    },
    mutate: ["lib/lifecycle/set/*.ts"],
    jsonReporter: { fileName: "mutation-report-sets.json" },
};
