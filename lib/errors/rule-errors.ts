import type { ErrorDescription } from "./error-description";

/** What can be wrong with a declaration. */
export const ruleErrors = {
    "invalid-rule": {
        meaning: "The declared rule is not one that a bucket can have.",
        cure: "Change the named properties to one of the allowed values.",
    },
    "invalid-baseline": {
        meaning: "The arguments of an `EncryptionBaseline` can't be used.",
        cure: "Correct all that is named; overrides and exclusions need a reason.",
    },
    "weaker-rule": {
        meaning:
            "The bucket has a stronger default encryption rule already than the one declared for it, or one that this version can't compare. Nothing was written.",
        cure: 'Declare the rule that the bucket has, or set `existingRule: "overwrite"` to accept the weaker one.',
    },
    "rule-exists": {
        meaning: "The bucket has a default encryption rule already, and `existingRule` forbids to touch it.",
        cure: 'Let the owner of the rule keep it, or set `existingRule` to "adopt" or "overwrite".',
    },
    "rule-changed": {
        meaning:
            "The rule that is to be deleted isn't the one that the stack's state tells of: somebody else changed it since.",
        cure: "Look at it with `pulumi refresh` and delete again, which then removes what the refresh showed; or set `forceDelete: true` and deploy that first.",
    },
    "rule-not-restorable": {
        meaning: "The rule that the bucket had before has an algorithm or fields that this version can't write.",
        cure: 'Set `onDelete` to "retain" or "remove", or put the rule back with a newer version.',
    },
    "not-converged": {
        meaning:
            "The service acknowledged the rule, but didn't show it in time. The resource is kept in the state as created and not ready.",
        cure: "Deploy again, which writes and reads once more; if that comes back, look for a second owner of the rule.",
    },
    "not-effective": {
        meaning:
            "The bucket has the declared rule, but an object that was written to prove it (`proveKey`) was encrypted otherwise. The resource is kept in the state as created and not ready.",
        cure: "Look for what sets another encryption for each request, such as a gateway or a proxy between here and the service; then deploy again.",
    },
} as const satisfies Record<string, ErrorDescription>;
