import type { ErrorDescription } from "./error-description";

/** What can go wrong between this package and a storage service, or on the way to credentials for it. */
export const storeErrors = {
    "rule-not-found": {
        meaning: "The bucket is there and has no default encryption rule.",
        cure: "Run `pulumi up` to write the declared rule, or remove the resource from the stack.",
    },
    "bucket-not-found": {
        meaning: "The service knows no bucket of this name.",
        cure: "Create the bucket first, or correct `bucket`.",
    },
} as const satisfies Record<string, ErrorDescription>;
