import type { PolicyComplianceFramework } from "@pulumi/policy";
import { describeRule, meetsCis, ruleStrength } from "../../rule";
import { storeFamilyOf } from "../../stores";
import type { EncryptionSite, RuleChanges } from "../encryption-site";
import { knownRule } from "../observed-site";
import type { PolicyOptions } from "../policy-options";
import {
    eachSite,
    type Finding,
    type JudgedResource,
    type ResourcePolicyDefinition,
    remediateEachSite,
    resourcePolicy,
} from "../resource-policy";
import { storeNamesOf } from "../site-store";
import { type CustomerKeyConfig, customerKeySchema, judgeCustomerKey, withCustomerKey } from "./customer-key-required";

/** How strictly recommendation 5.8 is read. */
export interface ServiceKeyConfig {
    /** Whether a customer key, which 5.9 requires, meets 5.8 too. Default: false, like audits of the benchmark. */
    readonly acceptCustomerKey: boolean;
}

const benchmarkName = "cis-alibaba-cloud";

const benchmark = (reference: string): PolicyComplianceFramework => ({
    name: "CIS Alibaba Cloud Foundation Benchmark",
    version: "1.0.0",
    reference,
    specification: "Object Storage Service",
});

const serviceKey: ResourcePolicyDefinition<ServiceKeyConfig> = {
    about: {
        name: "cis-alibaba-cloud-5.8",
        displayName: "CIS Alibaba Cloud 5.8: encrypted with the service's key",
        description: "CIS Alibaba Cloud 5.8: OSS buckets are encrypted by KMS with the service's key.",
        severity: "medium",
        framework: benchmark("5.8"),
        tags: ["cis", "encryption", ...storeNamesOf(benchmarkName)],
        remediationSteps: 'Set sseAlgorithm to "KMS", without kmsMasterKeyId.',
    },
    level: "disabled",
    schema: {
        acceptCustomerKey: {
            type: "boolean",
            default: false,
            description: "Whether a bucket with a customer key, which 5.9 requires, meets 5.8 too.",
        },
    },
    claim: "CIS 5.8 is met",
    judge: eachSite(judgeServiceKey),
    remediate: remediateEachSite((site): RuleChanges | undefined => {
        const rule = isCovered(site) ? knownRule(site)?.rule : undefined;
        if (rule === undefined || ruleStrength(rule) !== 1) return undefined;
        return { sseAlgorithm: "KMS", ...(rule.sseAlgorithm === "SM4" ? { kmsDataEncryption: "SM4" } : {}) };
    }),
};

function judgeServiceKey(site: EncryptionSite, { config }: JudgedResource<ServiceKeyConfig>): Finding | undefined {
    const known = isCovered(site) ? knownRule(site) : undefined;
    if (known === undefined) return undefined;
    if (known.rule === undefined) return { undecided: known.undecided };
    const strength = ruleStrength(known.rule);
    const isMet = meetsCis("cis-alibaba-cloud-5.8", known.rule);
    if (isMet || (config.acceptCustomerKey && meetsCis("cis-alibaba-cloud-5.9", known.rule))) return undefined;
    const found = strength === undefined ? "an algorithm that this version does not know" : describeRule(known.rule);
    const hint = strength === 3 ? "which is stronger and meets 5.9" : "which encrypts without a KMS key";
    return {
        violation: `CIS 5.8 requires KMS with the service's key, found ${found}${strength === undefined ? "" : `, ${hint}`}`,
    };
}

const customerKey: ResourcePolicyDefinition<CustomerKeyConfig> = {
    about: {
        name: "cis-alibaba-cloud-5.9",
        displayName: "CIS Alibaba Cloud 5.9: encrypted with a customer key",
        description: "CIS Alibaba Cloud 5.9: OSS buckets are encrypted by KMS with a customer's key (BYOK).",
        severity: "medium",
        framework: benchmark("5.9"),
        tags: ["cis", "encryption", ...storeNamesOf(benchmarkName)],
        remediationSteps: 'Set sseAlgorithm to "KMS" and kmsMasterKeyId to a key of yours.',
    },
    level: "disabled",
    schema: customerKeySchema,
    claim: "CIS 5.9 is met",
    judge: eachSite((site) => {
        const finding = isCovered(site) ? judgeCustomerKey(site) : undefined;
        return finding !== undefined && "violation" in finding
            ? { violation: `CIS 5.9: ${finding.violation}` }
            : finding;
    }),
    remediate: remediateEachSite((site, judged) => (isCovered(site) ? withCustomerKey(site, judged) : undefined)),
};

/** A store that is not known yet may be one of the benchmark's. */
function isCovered({ store }: EncryptionSite): boolean {
    return storeFamilyOf(store)?.benchmarks.includes(benchmarkName) !== false;
}

/**
 * CIS Alibaba Cloud Foundation Benchmark, 5.8: server-side encryption with the service's key. No bucket meets 5.8 and 5.9 as
 * their audits ask, so a pack has one of the two.
 */
export function cisAlibabaCloud58(options?: PolicyOptions<ServiceKeyConfig>) {
    return resourcePolicy(serviceKey, options);
}

/** CIS Alibaba Cloud Foundation Benchmark, 5.9: server-side encryption with a customer's key (BYOK). */
export function cisAlibabaCloud59(options?: PolicyOptions<CustomerKeyConfig>) {
    return resourcePolicy(customerKey, options);
}
