import type { ErrorDescription } from "./error-description";

/** What can be wrong with a declaration. */
export const ruleErrors = {
    "invalid-rule": {
        meaning: "The declared rule is not one that a bucket can have.",
        cure: "Change the named properties to allowed values.",
    },
    "invalid-arguments": {
        meaning:
            "The arguments of a resource or a function are not one object, or hold a value that it cannot take, such as a `Map` or half of a surrogate pair.",
        cure: "Give one object with the arguments, with lists and plain objects in it. Outputs and promises are values in it.",
    },
    "invalid-baseline": {
        meaning: "The arguments of an `EncryptionBaseline` are not valid.",
        cure: "Correct each named argument. Overrides and exclusions need a reason.",
    },
    "weaker-rule": {
        meaning:
            "The bucket already has a stronger default encryption rule than the declared one, or one that this version cannot compare. Nothing was written.",
        cure: 'Set `atLeast: true` to keep stronger rules, or declare the rule that the bucket has. In a set or a baseline, exclude the bucket (`exclude`) or give it a rule of its own (`overrides`). Only to accept the weaker rule, set `existingRule: "overwrite"`.',
    },
    "rule-exists": {
        meaning:
            "The bucket already has a default encryption rule, and `existingRule` forbids changing it. A replacement creates the resource again, so the rule of the replaced resource counts too.",
        cure: 'If this stack wrote the rule and replaces the resource, set `existingRule` to "adopt" until that is deployed. If the rule has another owner, remove the bucket from this stack, or set `existingRule` to "adopt" or "overwrite".',
    },
    "import-not-supported": {
        meaning:
            "A dynamic resource has the option `import`, which Pulumi does not offer for it, or a set is imported, which has no id of its own.",
        cure: "Remove the option: declaring the resource adopts an equal rule without a write. The plugin's resource of one bucket can be imported. `bucket-encryption adopt-state` converts states of other tools.",
    },
    "rule-changed": {
        meaning: "The rule was changed outside this stack, so it was not deleted.",
        cure: "Inspect it with `pulumi refresh`. A dynamic resource can then be deleted, which removes the rule that the refresh showed. For a resource of the plugin, declare the rule that the bucket has, or set `forceDelete: true`, and deploy that before you delete.",
    },
    "declarations-not-shared": {
        meaning:
            "The provider processes of an operation share the buckets that they declare through a folder, and that folder cannot be used. Without it, the deletion of one resource could remove the rule of another. Nothing was written or deleted.",
        cure: "Set the environment variable `TMPDIR` (`TEMP` on Windows) to a folder with free space in which this user may write, for the engine and all its processes.",
    },
    "rule-not-restorable": {
        meaning: "The rule that the bucket had before has an algorithm or fields that this version cannot write.",
        cure: 'Set `onDelete` to "retain" or "remove", or restore the rule with a newer version.',
    },
    "not-converged": {
        meaning:
            "The service accepted the rule but did not return it in time. The state keeps the resource as created and not ready.",
        cure: "Deploy again: the rule is then written and read once more. If the error returns, look for another owner of the rule.",
    },
    "not-effective": {
        meaning:
            "The bucket has the declared rule, but the object that was written to prove it (`proveKey`) was encrypted differently. The state keeps the resource as created and not ready.",
        cure: "Look for a gateway or proxy that sets another encryption on each request, then deploy again.",
    },
} as const satisfies Record<string, ErrorDescription>;
