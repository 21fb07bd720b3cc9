import type { ErrorDescription } from "./error-description";

/** What can go wrong when changes or accounts are reviewed. */
export const reviewErrors = {
    "invalid-preview": {
        meaning: "The file is not a complete preview that `bucket-encryption review` can read.",
        cure: "Pass the unchanged and complete output of `pulumi preview --json`.",
    },
    "invalid-exported-state": {
        meaning: "The file is not a complete exported state that a review or an audit can read.",
        cure: "Pass the unchanged and complete output of `pulumi stack export`.",
    },
    "invalid-accounts-file": {
        meaning: "The file does not hold a list of accounts to audit.",
        cure: "Write a list of accounts with `name`, `id`, `profile` or `roleArn`, as docs/audit.md shows.",
    },
    "invalid-review-options": {
        meaning: "The options of a review or an audit contradict each other.",
        cure: "Correct the command; `--help` shows examples.",
    },
} as const satisfies Record<string, ErrorDescription>;
