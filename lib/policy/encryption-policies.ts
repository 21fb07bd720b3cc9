import type { Policies } from "@pulumi/policy";
import { UserError } from "../errors";
import { allowedAlgorithms } from "./policies/allowed-algorithms";
import { allowedKeys } from "./policies/allowed-keys";
import { cisAlibabaCloud58, cisAlibabaCloud59 } from "./policies/cis-alibaba-cloud";
import { customerKeyRequired } from "./policies/customer-key-required";
import { everyBucketHasARule } from "./policies/every-bucket-has-a-rule";
import { expectedAccounts } from "./policies/expected-accounts";
import { keepRuleOnDelete } from "./policies/keep-rule-on-delete";
import { oneOwner } from "./policies/one-owner";

/**
 * All policies of this package, as in its pack. Each call makes new ones, since some remember the resources of a stack.
 * @param options with the clock by which exemptions end
 * @throws UserError `invalid-policy-pack` with other options: the policies' own functions take them
 */
export function encryptionPolicies(options: { readonly now?: () => Date } = {}): Policies {
    const others = Object.keys(options ?? {}).filter((name) => name !== "now");
    if (others.length > 0) {
        const what = `encryptionPolicies has no option ${others.map((name) => `"${name}"`).join(", ")}`;
        const cure = "Configure the policies of the pack, or call the function of each policy with its options.";
        throw new UserError("invalid-policy-pack", what, {}, { cure });
    }
    const policyOptions = options?.now === undefined ? {} : { now: options.now };
    return [
        allowedAlgorithms(policyOptions),
        customerKeyRequired(policyOptions),
        allowedKeys(policyOptions),
        everyBucketHasARule(policyOptions),
        oneOwner(policyOptions),
        keepRuleOnDelete(policyOptions),
        expectedAccounts(policyOptions),
        cisAlibabaCloud58(policyOptions),
        cisAlibabaCloud59(policyOptions),
    ];
}
