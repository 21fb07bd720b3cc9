import type { ErrorDescription } from "./error-description";

/** What can go wrong when the state of another tool is turned into one of this package. */
export const migrationErrors = {
    "invalid-state-file": {
        meaning: "A file isn't a state that `bucket-encryption adopt-state` can turn into one of this package.",
        cure: "Give it what `pulumi stack export` or `terraform state pull` printed, unchanged.",
    },
} as const satisfies Record<string, ErrorDescription>;
