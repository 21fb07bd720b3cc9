import type { ErrorDescription } from "./error-description";

/** What can be wrong with a declaration. */
export const ruleErrors = {
    "invalid-rule": {
        meaning: "The declared rule is not one that a bucket can have.",
        cure: "Change the named properties to one of the allowed values.",
    },
} as const satisfies Record<string, ErrorDescription>;
