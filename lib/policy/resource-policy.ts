import type {
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationPolicy,
} from "@pulumi/policy";
import { matchesPattern } from "../text";
import type { EncryptionSite, RuleChanges, SeenResource } from "./encryption-site";
import { coverage } from "./policy-exceptions";
import {
    type CommonConfig,
    commonSchema,
    configFrom,
    configurationFaults,
    type PolicyOptions,
    schemaWithDefaults,
} from "./policy-options";
import { PropertyReader } from "./property-reader";
import { encryptionSites } from "./read-sites";
import { resourceTypes, urnParts } from "./resource-types";

/**
 * What a policy finds. `undecided` names what isn't known before the deployment: it is neither in order nor a violation, and
 * never passes as the former.
 */
export type Finding =
    | { readonly violation: string; readonly site?: EncryptionSite | undefined }
    | { readonly undecided: string; readonly site?: EncryptionSite | undefined };

/** A resource as a policy judges it. */
export interface JudgedResource<Config> {
    readonly resource: SeenResource;
    readonly sites: readonly EncryptionSite[];
    readonly reader: PropertyReader;
    readonly config: Config & CommonConfig;
}

/** What makes a policy, without what all have in common. */
export interface PolicyDefinition {
    readonly about: Omit<Policy, "enforcementLevel" | "configSchema">;
    readonly level: EnforcementLevel;
    /** Each with its default. */
    readonly schema: PolicyConfigSchema["properties"];
    /** The stacks in which the policy holds by itself. */
    readonly stacks?: readonly string[];
    /** What the policy wants to be so, to end the sentence "this preview can't tell whether …". */
    readonly claim: string;
}

export interface ResourcePolicyDefinition<Config extends object> extends PolicyDefinition {
    judge(judged: JudgedResource<Config>): readonly Finding[];
    /** Mends what can be mended without making anything weaker. @returns whether anything was changed */
    mend?(judged: JudgedResource<Config>): boolean;
}

/** A policy that looks at each resource before it is deployed. */
export function resourcePolicy<Config extends object>(
    definition: ResourcePolicyDefinition<Config>,
    options: PolicyOptions<Config> = {},
): ResourceValidationPolicy {
    const frame = policyFrame(definition, options);
    const { mend } = definition;
    return {
        ...frame.about,
        validateResource: (args, report) => {
            if (args.type === resourceTypes.stack) return frame.reportFaults(args, report);
            const judged = frame.judged(args, frame.config(args));
            if (judged === undefined) return;
            frame.tell(judged, definition.judge(judged), report);
        },
        ...(mend === undefined
            ? {}
            : {
                  remediateResource: (args) => {
                      const judged = frame.judged(args, frame.config(args));
                      if (judged === undefined) return undefined;
                      const open = judged.sites.filter((site) => !frame.isExcused(judged, site));
                      if (open.length < judged.sites.length && open.length === 0) return undefined;
                      return mend({ ...judged, sites: open }) ? args.props : undefined;
                  },
              }),
    };
}

/** What every policy does in the same way. */
export interface PolicyFrame<Config> {
    readonly about: Policy;
    config(args: { getConfig<T extends object>(): T }): Config & CommonConfig;
    /** @returns `undefined` where the policy doesn't hold, or the resource has nothing to do with it */
    judged(resource: SeenResource, config: Config & CommonConfig): JudgedResource<Config> | undefined;
    isExcused(judged: JudgedResource<Config>, site?: EncryptionSite): boolean;
    /** Reports what is found and not excused; what isn't known ends the policy's run for the resource. */
    tell(judged: JudgedResource<Config>, findings: readonly Finding[], report: ReportViolation, urn?: string): void;
    reportFaults(args: { getConfig<T extends object>(): T }, report: ReportViolation): void;
}

export function policyFrame<Config extends object>(
    definition: PolicyDefinition,
    { name = definition.about.name, enforcementLevel = definition.level, defaults = {}, now }: PolicyOptions<Config>,
): PolicyFrame<Config> {
    const properties = schemaWithDefaults(
        { ...definition.schema, ...commonSchema(definition.stacks ?? ["*"]) },
        defaults,
    );
    const frame: PolicyFrame<Config> = {
        about: { ...definition.about, name, enforcementLevel, configSchema: { properties } },
        config: (args) => configFrom(properties, args.getConfig<object>()),
        judged: (resource, config) => {
            if (!config.stacks.some((pattern) => matchesPattern(urnParts(resource.urn).stack, pattern)))
                return undefined;
            const reader = new PropertyReader();
            const sites = encryptionSites(resource, reader);
            return sites.length === 0 ? undefined : { resource, sites, reader, config };
        },
        isExcused: (judged, site) => coverageOf(judged, site, now).state === "covered",
        tell: (judged, findings, report, urn) => {
            const undecided: string[] = [];
            for (const finding of findings) {
                const cover = coverageOf(judged, finding.site, now);
                if (cover.state === "covered") continue;
                const ended =
                    cover.state === "ended"
                        ? ` (the exception for it ended on ${cover.exception.until}; its reason was: ${cover.exception.reason})`
                        : "";
                const label = finding.site?.label ? `${finding.site.label}: ` : "";
                if ("violation" in finding) report(`${label}${finding.violation}${ended}`, urn);
                else undecided.push(`${label}${finding.undecided}`);
            }
            if (undecided.length > 0) refuse(judged, definition.claim, undecided, (text) => report(text, urn));
        },
        reportFaults: (args, report) => {
            for (const fault of configurationFaults(properties, args.getConfig<object>())) report(fault);
        },
    };
    return frame;
}

function coverageOf<Config>(
    { resource, sites, config }: JudgedResource<Config>,
    site: EncryptionSite | undefined,
    now: (() => Date) | undefined,
) {
    const { bucket } = site ?? sites[0] ?? { bucket: undefined };
    return coverage(config.exceptions, { urn: resource.urn, bucket }, now?.() ?? new Date());
}

/**
 * Tells that something can't be judged yet. A policy can't choose the level of a single report; only the SDK's own error
 * for an unknown value is shown as a warning whatever the policy's level is. So that error is thrown, with a text that says more.
 */
function refuse<Config>(
    { reader, config }: JudgedResource<Config>,
    claim: string,
    undecided: readonly string[],
    report: (text: string) => void,
): void {
    const what = [...new Set(undecided)].join(", ");
    const text = `decided at deployment: ${what} ${undecided.length === 1 ? "is" : "are"} not known yet, so this preview can't tell whether ${claim}`;
    const { refusal } = reader;
    if (config.undecided === "report" && refusal instanceof Error) {
        refusal.message = text;
        throw refusal;
    }
    report(text);
}

/** Judges each place where a rule is declared; one without a rule is `everyBucketHasARule`'s. */
export function eachSite<Config>(
    judge: (site: EncryptionSite, judged: JudgedResource<Config>) => Finding | undefined,
): ResourcePolicyDefinition<Config & object>["judge"] {
    return (judged) =>
        judged.sites.flatMap((site) => {
            const finding = judge(site, judged as JudgedResource<Config>);
            return finding === undefined ? [] : [{ ...finding, site }];
        });
}

/** Mends each place for which there is something better to declare. */
export function mendEachSite<Config>(
    better: (site: EncryptionSite, judged: JudgedResource<Config>) => RuleChanges | undefined,
): (judged: JudgedResource<Config>) => boolean {
    return (judged) => {
        const changed = judged.sites.map((site) => {
            const changes = better(site, judged);
            if (changes !== undefined) site.write(changes);
            return changes !== undefined;
        });
        return changed.includes(true);
    };
}
