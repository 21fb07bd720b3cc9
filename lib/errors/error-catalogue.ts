import { engineErrors } from "./engine-errors";
import { migrationErrors } from "./migration-errors";
import { pluginErrors } from "./plugin-errors";
import { reviewErrors } from "./review-errors";
import { rolloutErrors } from "./rollout-errors";
import { ruleErrors } from "./rule-errors";
import { storeErrors } from "./store-errors";

/**
 * The only list of error kinds. `docs/errors.md` has one heading for each, and a test holds the two against each other in
 * both directions.
 */
export const errorCatalogue = {
    ...ruleErrors,
    ...storeErrors,
    ...pluginErrors,
    ...migrationErrors,
    ...reviewErrors,
    ...engineErrors,
    ...rolloutErrors,
} as const;

export type ErrorKind = keyof typeof errorCatalogue;
