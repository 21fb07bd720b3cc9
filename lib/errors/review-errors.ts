import type { ErrorDescription } from "./error-description";

/** What can go wrong when changes or accounts are reviewed. */
export const reviewErrors = {
    "invalid-preview": {
        meaning: "A file isn't a preview that `bucket-encryption review` can read, or isn't a whole one.",
        cure: "Give it what `pulumi preview --json` printed, unchanged and complete.",
    },
    "invalid-exported-state": {
        meaning: "A file isn't an exported state that a review or an audit can read, or isn't a whole one.",
        cure: "Give it what `pulumi stack export` printed, unchanged and complete.",
    },
    "invalid-accounts-file": {
        meaning: "A file doesn't hold a list of accounts that can be audited.",
        cure: "Write a list of accounts with `name`, `id`, `profile` or `roleArn`, as docs/audit.md shows.",
    },
    "invalid-review-options": {
        meaning: "The options of a review or an audit contradict each other.",
        cure: "Correct the command; `--help` shows examples.",
    },
} as const satisfies Record<string, ErrorDescription>;
