import { notYetKnown } from "../../rule";
import { defaultStoreFamily, storeFamilyOf } from "../../stores";
import type { PolicyOptions } from "../policy-options";
import { storeNames } from "../site-store";
import { stackBuckets } from "../stack-buckets";
import { type StackPolicyDefinition, stackPolicy } from "../stack-policy";

const definition: StackPolicyDefinition<object> = {
    about: {
        name: "every-bucket-has-a-rule",
        displayName: "Every bucket has a default encryption rule",
        description:
            "Every bucket of the stack has a default encryption rule, declared in the bucket or by another resource.",
        severity: "high",
        tags: ["encryption", ...storeNames],
        remediationSteps:
            "Declare a BucketEncryption for the bucket, or a rule in the bucket (serverSideEncryptionRule, serverSideEncryptionConfiguration).",
    },
    level: "mandatory",
    schema: {},
    claim: "every bucket has a rule",
    *judgeStack(members) {
        const { buckets, adrift } = stackBuckets(members);
        for (const { bucket, claims } of buckets) {
            if (bucket === undefined) continue;
            const { judged } = bucket.member;
            if (claims.some(({ site }) => site.rule !== notYetKnown)) continue;
            if (claims.length > 0) yield { judged, finding: { undecided: "the bucket's rule", site: bucket.site } };
            else if (adrift.length > 0 && adrift.some((claim) => mayBeSameStore(claim.site.store, bucket.site.store)))
                yield {
                    judged: { ...judged, reader: adrift[0]?.member.judged.reader ?? judged.reader },
                    finding: { undecided: "the bucket of a rule in this stack", site: bucket.site },
                };
            else
                yield {
                    judged,
                    finding: {
                        violation: `this bucket has no default encryption rule, so ${withoutRule(bucket.site.store)}; declare a rule in the bucket, or a BucketEncryption for it`,
                        site: bucket.site,
                    },
                };
        }
    },
};

/** The store of a rule may be unknown before the deployment, too. */
function mayBeSameStore(store: unknown, of: unknown): boolean {
    return store === notYetKnown || of === notYetKnown || store === of;
}

function withoutRule(store: unknown): string {
    return (storeFamilyOf(store) ?? defaultStoreFamily).words.withoutRule;
}

/** Every bucket that the stack creates has a rule. Buckets of `@pulumi/alicloud` and `@pulumi/aws`. */
export function everyBucketHasARule(options?: PolicyOptions<object>) {
    return stackPolicy(definition, options);
}
