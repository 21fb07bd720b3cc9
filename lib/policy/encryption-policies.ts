import type { Policies } from "@pulumi/policy";
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
 * @param now the clock by which exemptions end
 */
export function encryptionPolicies({ now }: { readonly now?: () => Date } = {}): Policies {
    const options = now === undefined ? {} : { now };
    return [
        allowedAlgorithms(options),
        customerKeyRequired(options),
        allowedKeys(options),
        everyBucketHasARule(options),
        oneOwner(options),
        keepRuleOnDelete(options),
        expectedAccounts(options),
        cisAlibabaCloud58(options),
        cisAlibabaCloud59(options),
    ];
}
