import type { ErrorDescription } from "./error-description";

/** What can go wrong when the state of another tool is turned into one of this package. */
export const migrationErrors = {
    "invalid-state-file": {
        meaning: "The file is not a state that `bucket-encryption adopt-state` can convert.",
        cure: "Pass the unchanged output of `pulumi stack export` or `terraform state pull`.",
    },
} as const satisfies Record<string, ErrorDescription>;
