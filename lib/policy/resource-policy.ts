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
    expectOptions,
    type PolicyOptions,
    schemaWithDefaults,
} from "./policy-options";
import { PropertyReader } from "./property-reader";
import { encryptionSites } from "./read-sites";
import { resourceTypes, urnParts } from "./resource-types";

/**
 * A policy's finding. `undecided` names a value that is not known before the deployment: that is neither compliance nor a
 * violation, and never counts as compliance.
 */
export type Finding =
    | { readonly violation: string; readonly site?: EncryptionSite | undefined }
    | { readonly undecided: string; readonly site?: EncryptionSite | undefined };

/** A resource with what policies need to judge it. */
export interface JudgedResource<Config> {
    readonly resource: SeenResource;
    readonly sites: readonly EncryptionSite[];
    readonly reader: PropertyReader;
    readonly config: Config & CommonConfig;
}

/** The parts in which policies differ. */
export interface PolicyDefinition {
    readonly about: Omit<Policy, "enforcementLevel" | "configSchema">;
    readonly level: EnforcementLevel;
    /** Each with its default. */
    readonly schema: PolicyConfigSchema["properties"];
    /** The stacks to which the policy applies by default. */
    readonly stacks?: readonly string[];
    /** What the policy requires; ends the sentence "this preview cannot determine whether …". */
    readonly claim: string;
}

export interface ResourcePolicyDefinition<Config extends object> extends PolicyDefinition {
    judge(judged: JudgedResource<Config>): readonly Finding[];
    /** Corrects the declaration where that makes nothing weaker. @returns whether anything changed */
    remediate?(judged: JudgedResource<Config>): boolean;
}

/** A policy that looks at each resource before it is deployed. */
export function resourcePolicy<Config extends object>(
    definition: ResourcePolicyDefinition<Config>,
    options: PolicyOptions<Config> = {},
): ResourceValidationPolicy {
    const frame = policyFrame(definition, options);
    const { remediate } = definition;
    return {
        ...frame.about,
        validateResource: (args, report) => {
            if (args.type === resourceTypes.stack) return frame.reportFaults(args, report);
            const judged = frame.judged(args, frame.config(args));
            if (judged === undefined) return;
            frame.report(judged, definition.judge(judged), report);
        },
        ...(remediate === undefined
            ? {}
            : {
                  remediateResource: (args) => {
                      const judged = frame.judged(args, frame.config(args));
                      if (judged === undefined) return undefined;
                      const open = judged.sites.filter((site) => !frame.isExempt(judged, site));
                      if (open.length < judged.sites.length && open.length === 0) return undefined;
                      return remediate({ ...judged, sites: open }) ? args.props : undefined;
                  },
              }),
    };
}

/** The parts that all policies share. */
export interface PolicyFrame<Config> {
    readonly about: Policy;
    config(args: { getConfig<T extends object>(): T }): Config & CommonConfig;
    /** @returns `undefined` where the policy does not apply to the stack or to the resource */
    judged(resource: SeenResource, config: Config & CommonConfig): JudgedResource<Config> | undefined;
    isExempt(judged: JudgedResource<Config>, site?: EncryptionSite): boolean;
    /** Reports findings that are not exempt. An unknown value ends the policy's run for the resource. */
    report(judged: JudgedResource<Config>, findings: readonly Finding[], report: ReportViolation, urn?: string): void;
    reportFaults(args: { getConfig<T extends object>(): T }, report: ReportViolation): void;
}

export function policyFrame<Config extends object>(
    definition: PolicyDefinition,
    options: PolicyOptions<Config>,
): PolicyFrame<Config> {
    const schema = { ...definition.schema, ...commonSchema(definition.stacks ?? ["*"]) };
    expectOptions(definition.about.name, schema, options);
    const { name = definition.about.name, enforcementLevel = definition.level, defaults = {}, now } = options;
    const properties = schemaWithDefaults(schema, defaults);
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
        isExempt: (judged, site) => coverageOf(judged, site, now).state === "covered",
        report: (judged, findings, report, urn) => {
            const undecided: string[] = [];
            for (const finding of findings) {
                const cover = coverageOf(judged, finding.site, now);
                if (cover.state === "covered") continue;
                const ended =
                    cover.state === "ended"
                        ? ` (its exemption ended on ${cover.exception.until}; the reason was: ${cover.exception.reason})`
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
 * Reports that a value is not known yet. A policy cannot choose the level of a single report; but engines show the SDK's own
 * error for an unknown value as a warning at every level. So that error is thrown, with a text that says more.
 */
function refuse<Config>(
    { reader, config }: JudgedResource<Config>,
    claim: string,
    undecided: readonly string[],
    report: (text: string) => void,
): void {
    const values = [...new Set(undecided)];
    const text = `decided at deployment: ${values.join(", ")} ${values.length === 1 ? "is" : "are"} not known yet, so this preview cannot determine whether ${claim}`;
    const { refusal } = reader;
    if (config.undecided === "report" && refusal instanceof Error) {
        refusal.message = text;
        throw refusal;
    }
    report(text);
}

/** Judges each place where a rule is declared. Places without a rule are for `everyBucketHasARule`. */
export function eachSite<Config>(
    judge: (site: EncryptionSite, judged: JudgedResource<Config>) => Finding | undefined,
): ResourcePolicyDefinition<Config & object>["judge"] {
    return (judged) =>
        judged.sites.flatMap((site) => {
            const finding = judge(site, judged as JudgedResource<Config>);
            return finding === undefined ? [] : [{ ...finding, site }];
        });
}

/** Corrects each place for which there is a better declaration. */
export function remediateEachSite<Config>(
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
