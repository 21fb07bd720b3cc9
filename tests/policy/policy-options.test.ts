import { expect } from "chai";
import { UserError } from "../../lib/errors";
import * as policies from "../../lib/policy";

const cure = "Correct what the pack gives to the policy.";
const made: Readonly<Record<string, (options: never) => unknown>> = {
    "allowed-algorithms": policies.allowedAlgorithms,
    "allowed-keys": policies.allowedKeys,
    "cis-alibaba-cloud-5.8": policies.cisAlibabaCloud58,
    "cis-alibaba-cloud-5.9": policies.cisAlibabaCloud59,
    "customer-key-required": policies.customerKeyRequired,
    "every-bucket-has-a-rule": policies.everyBucketHasARule,
    "expected-accounts": policies.expectedAccounts,
    "keep-rule-on-delete": policies.keepRuleOnDelete,
    "one-owner": policies.oneOwner,
};

/** What a pack in JavaScript gives, which no types check. */
const refuse = (policy: string, options: unknown, fault: string): void => {
    expect(() => made[policy]?.(options as never), JSON.stringify(options))
        .to.throw(UserError, `The policy "${policy}" cannot be used: ${fault}${fault.endsWith("?") ? "" : "."} ${cure}`)
        .with.property("kind", "invalid-policy-pack");
};

describe("options of a policy", () => {
    for (const policy of Object.keys(made))
        it(`rejects what is no object or no option for ${policy}`, () => {
            for (const options of [null, "KMS", 7, ["KMS"], () => ({})])
                refuse(policy, options, "its options must be an object");
            refuse(policy, { level: "mandatory" }, 'it has no option "level"');
            refuse(policy, { defaults: ["KMS"] }, 'its "defaults" must be an object');
            refuse(policy, { stacks: ["prod"] }, 'it has no option "stacks"; give it in "defaults"');
            expect(made[policy]?.({ name: "own", defaults: { stacks: ["prod"] } } as never)).to.include({
                name: "own",
            });
        });

    it("rejects defaults of other names and forms, which would let everything pass", () => {
        const defaults = (given: object, fault: string): void =>
            refuse("allowed-algorithms", { defaults: given }, fault);
        defaults(
            { algorithm: ["KMS"] },
            'its configuration has a property "algorithm", which the policy does not have; did you mean "algorithms"?',
        );
        defaults({ algorithms: "KMS" }, '"algorithms" in its "defaults" must be a list');
        defaults({ algorithms: [] }, '"algorithms" in its "defaults" must not be empty');
        defaults(
            { algorithms: ["kms"] },
            '"algorithms" in its "defaults" has an item that must be one of AES256, SM4, KMS, KMS_DSSE',
        );
        defaults({ undecided: "Block" }, '"undecided" in its "defaults" must be one of report, block');
        refuse(
            "expected-accounts",
            { defaults: { accounts: [7] } },
            '"accounts" in its "defaults" has an item that must be a string',
        );
        const { configSchema } = policies.allowedAlgorithms({ defaults: { algorithms: ["KMS"] } });
        expect(configSchema?.properties.algorithms).to.deep.include({ default: ["KMS"] });
    });

    it("rejects options of single policies for all of them", () => {
        expect(() => policies.encryptionPolicies({ "allowed-algorithms": {} } as never)).to.throw(
            UserError,
            'encryptionPolicies has no option "allowed-algorithms". Configure the policies of the pack, or call the function of each policy with its options.',
        );
        expect(policies.encryptionPolicies({ now: () => new Date(0) })).to.have.length(9);
    });
});
