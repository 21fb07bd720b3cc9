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
    "invalid-earlier-audit": {
        meaning: "The file with the earlier audit cannot be compared with this audit.",
        cure: "Pass a file that `audit --save` or `audit --format json` wrote for the same buckets of the same service.",
    },
    "notification-not-sent": {
        meaning: "The report was made, but the address in --notify did not accept the notification.",
        cure: "Check the address and the network. The report, and the file of --save if there is one, are written.",
    },
    "invalid-review-options": {
        meaning:
            "The options of a review, an audit or a check-up contradict each other, or name a bucket, region or endpoint that cannot exist.",
        cure: "Correct the command; `--help` shows examples.",
    },
} as const satisfies Record<string, ErrorDescription>;
