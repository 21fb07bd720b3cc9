import type { PolicyResource, ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { EncryptionSite, SeenResource } from "./encryption-site";
import type { CommonConfig, PolicyOptions } from "./policy-options";
import { type Finding, type JudgedResource, type PolicyDefinition, policyFrame } from "./resource-policy";
import { resourceTypes, urnParts } from "./resource-types";
import { identify } from "./stack-buckets";
import type { StackMember } from "./stack-member";

/** Resources, and the identities of the buckets whose rules they declare. */
export type FormerOwners = ReadonlyMap<SeenResource, readonly string[]>;

export interface StackPolicyDefinition<Config extends object> extends PolicyDefinition {
    /**
     * Judges a resource alone, before it is deployed.
     * @param owners the other resources that declared rules for the same buckets before, with the buckets' identities
     */
    judge?(judged: JudgedResource<Config>, owners: (site: EncryptionSite) => FormerOwners): readonly Finding[];
    /** Judges the whole stack. A resource that `judge` reported is not reported again. */
    judgeStack(
        members: readonly StackMember<Config>[],
        config: Config & CommonConfig,
    ): Iterable<{ readonly judged: JudgedResource<Config>; readonly finding: Finding }>;
}

/**
 * A policy that needs the whole stack. An engine shows a stack's resources with their outputs, in which a bucket also has the
 * rule that another resource gave it. So the policy keeps each resource as it was declared: engines show it alone before, in the
 * same process.
 */
export function stackPolicy<Config extends object>(
    definition: StackPolicyDefinition<Config>,
    options: PolicyOptions<Config> = {},
): ResourceValidationPolicy & StackValidationPolicy {
    const frame = policyFrame(definition, options);
    const declared = new Map<string, JudgedResource<Config>>();
    const owners = new RuleOwners();
    const reported = new Set<string>();

    const reportFindings = (
        judged: JudgedResource<Config>,
        findings: readonly Finding[],
        report: ReportViolation,
    ): void => {
        if (findings.some((finding) => "violation" in finding)) reported.add(judged.resource.urn);
        frame.report(judged, findings, report, judged.resource.urn);
    };
    return {
        ...frame.about,
        validateResource: (args, report) => {
            if (args.type === resourceTypes.stack) return frame.reportFaults(args, report);
            const judged = frame.judged(args, frame.config(args));
            if (judged === undefined) return;
            declared.set(args.urn, judged);
            reportFindings(judged, definition.judge?.(judged, (site) => owners.before(args, site)) ?? [], report);
        },
        validateStack: (args, report) => {
            const config = frame.config(args);
            // In the order of their declaration, which is not that of the deployment.
            const order = new Map([...declared.keys()].map((urn, index) => [urn, index]));
            const position = ({ urn }: PolicyResource): number => order.get(urn) ?? order.size;
            const members = [...args.resources]
                .sort((a, b) => position(a) - position(b))
                .flatMap((resource) => {
                    const judged = declared.get(resource.urn) ?? frame.judged(resource, config);
                    return judged === undefined ? [] : [{ judged, dependencies: dependenciesOf(resource) }];
                });
            const refusals: unknown[] = [];
            for (const { judged, finding } of definition.judgeStack(members, config)) {
                if (reported.has(judged.resource.urn)) continue;
                try {
                    reportFindings(judged, [finding], report);
                } catch (refusal) {
                    refusals.push(refusal);
                }
            }
            // The SDK makes only one report of unknown values in a stack.
            const [first, ...more] = refusals;
            if (first instanceof Error && more.length > 0) first.message += ` (and ${more.length} more of this kind)`;
            if (first !== undefined) throw first;
        },
    };
}

/** The first resource of a stack that declared a rule for a bucket. */
class RuleOwners {
    readonly #owners = new Map<string, SeenResource>();

    /** The other resources that declared rules for the site's buckets before. From now on the resource owns the others. */
    before(resource: SeenResource, site: EncryptionSite): FormerOwners {
        const { stack } = urnParts(resource.urn);
        const former = new Map<SeenResource, string[]>();
        const identities = site.rule === undefined ? [] : (identify(site, site.owned()) ?? []);
        for (const identity of identities) {
            const key = `${stack} ${identity}`;
            const owner = this.#owners.get(key) ?? resource;
            this.#owners.set(key, owner);
            if (owner.urn !== resource.urn) former.set(owner, [...(former.get(owner) ?? []), identity]);
        }
        return former;
    }
}

function dependenciesOf(resource: PolicyResource): StackMember<unknown>["dependencies"] {
    return (property) => resource.propertyDependencies[property] ?? [];
}
