import { notYetKnown } from "../../rule";
import type { EncryptionSite, SeenResource } from "../encryption-site";
import type { PolicyOptions } from "../policy-options";
import { storeNames } from "../site-store";
import { type Claim, nameIn, stackBuckets } from "../stack-buckets";
import { shortName } from "../stack-member";
import { type StackPolicyDefinition, stackPolicy } from "../stack-policy";

const definition: StackPolicyDefinition<object> = {
    about: {
        name: "one-owner",
        displayName: "One resource owns a bucket's rule",
        description:
            "A bucket's default encryption rule is declared in one place only; otherwise one deployment undoes the other.",
        severity: "high",
        tags: ["encryption", ...storeNames],
        remediationSteps:
            "Keep one declaration. A rule in the bucket does not count while it is in the bucket's ignoreChanges.",
    },
    level: "mandatory",
    schema: {},
    claim: "each rule has one owner",
    judge: ({ sites }, owners) =>
        sites.flatMap((site) =>
            [...owners(site)].map(([owner, identities]) => secondOwner(owner, site, identities.map(nameIn))),
        ),
    *judgeStack(members) {
        const { buckets, adrift } = stackBuckets(members);
        const doubles = new Map<string, { first: SeenResource; second: Claim<object>; names: string[] }>();
        for (const { identity, claims } of buckets) {
            const [first, ...others] = claims;
            for (const second of others) {
                const owner = (first as Claim<object>).member.judged.resource;
                const pair = `${owner.urn} ${second.member.judged.resource.urn}`;
                const double = doubles.get(pair) ?? { first: owner, second, names: [] };
                double.names.push(nameIn(identity));
                doubles.set(pair, double);
            }
        }
        for (const { first, second, names } of doubles.values())
            yield { judged: second.member.judged, finding: secondOwner(first, second.site, names) };
        const isAlone = adrift.length === 1 && !buckets.some(({ claims }) => claims.length > 0);
        if (isAlone) return;
        for (const { member, site } of adrift)
            yield { judged: member.judged, finding: { undecided: "the bucket of this rule", site } };
    },
};

const mostNamed = 3;

function secondOwner(owner: SeenResource, site: EncryptionSite, names: readonly string[]) {
    const shown = `${names.slice(0, mostNamed).join(", ")}${names.length > mostNamed ? ", …" : ""}`;
    // The resource names its bucket, unless it has many.
    const isForOne = typeof site.bucket === "string" || site.bucket === notYetKnown;
    const violation = isForOne
        ? `${shortName(owner)} already declares the bucket's rule; two owners overwrite each other`
        : `${shortName(owner)} already declares the rules of ${names.length} of its buckets (${shown}); two owners overwrite each other`;
    return { violation, site };
}

/** Every rule is declared once. */
export function oneOwner(options?: PolicyOptions<object>) {
    return stackPolicy(definition, options);
}
