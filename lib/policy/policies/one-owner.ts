import type { EncryptionSite, SeenResource } from "../encryption-site";
import type { PolicyOptions } from "../policy-options";
import { stackBuckets } from "../stack-buckets";
import { shortName } from "../stack-member";
import { type StackPolicyDefinition, stackPolicy } from "../stack-policy";

const definition: StackPolicyDefinition<object> = {
    about: {
        name: "one-owner",
        displayName: "One resource owns a bucket's rule",
        description:
            "A bucket's default encryption rule is declared in one place, or one deployment undoes what the other did.",
        severity: "high",
        tags: ["encryption", "oss", "s3"],
        remediationSteps:
            "Leave one declaration. A rule that is declared with the bucket counts as none while it is in the bucket's ignoreChanges.",
    },
    level: "mandatory",
    schema: {},
    claim: "each rule has one owner",
    judge: ({ sites }, owner) =>
        sites.flatMap((site) => {
            const first = owner(site);
            return first === undefined ? [] : [secondOwner(first, site)];
        }),
    *judgeStack(members) {
        const { buckets, adrift } = stackBuckets(members);
        for (const { claims } of buckets) {
            const [first, ...others] = claims;
            for (const { member, site } of others)
                if (first !== undefined)
                    yield { judged: member.judged, finding: secondOwner(first.member.judged.resource, site) };
        }
        const isAlone = adrift.length === 1 && !buckets.some(({ claims }) => claims.length > 0);
        if (isAlone) return;
        for (const { member, site } of adrift)
            yield { judged: member.judged, finding: { undecided: "the bucket of this rule", site } };
    },
};

function secondOwner(resource: SeenResource, site: EncryptionSite) {
    return {
        violation: `the bucket's rule is declared by ${shortName(resource)} already; two owners take it from each other`,
        site,
    };
}

/** No bucket's rule is declared twice. */
export function oneOwner(options?: PolicyOptions<object>) {
    return stackPolicy(definition, options);
}
