import { describeRule, ruleStrength } from "../../rule";
import type { EncryptionSite, RuleChanges } from "../encryption-site";
import { knownRule, ruleText } from "../observed-site";
import type { PolicyOptions } from "../policy-options";
import {
    eachSite,
    type Finding,
    type JudgedResource,
    type ResourcePolicyDefinition,
    remediateEachSite,
    resourcePolicy,
} from "../resource-policy";
import { hasDataEncryption, storeNames } from "../site-store";

/** Which key a remediation gives to a rule that has none. */
export interface CustomerKeyConfig {
    /** For every region that `keys` does not name. An alias exists in each region. */
    readonly key?: string;
    /** By region, such as `cn-hangzhou`. */
    readonly keys?: Readonly<Record<string, string>>;
}

type Judged = JudgedResource<CustomerKeyConfig>;

export const customerKeySchema: ResourcePolicyDefinition<CustomerKeyConfig>["schema"] = {
    key: {
        type: "string",
        minLength: 1,
        description: "The key that a remediation gives to rules without one, in regions that `keys` does not name.",
    },
    keys: {
        type: "object",
        description: "The key that a remediation gives to rules without one, by region.",
        additionalProperties: { type: "string", minLength: 1 },
    },
};

const definition: ResourcePolicyDefinition<CustomerKeyConfig> = {
    about: {
        name: "customer-key-required",
        displayName: "A customer key is required",
        description: "Buckets are encrypted by KMS with a given key, which its owner can audit, rotate and disable.",
        severity: "medium",
        tags: ["encryption", "kms", ...storeNames],
        remediationSteps: 'Set sseAlgorithm to "KMS" and kmsMasterKeyId to a customer key.',
    },
    level: "disabled",
    schema: customerKeySchema,
    claim: "the rule has a customer key",
    judge: eachSite(judgeCustomerKey),
    remediate: remediateEachSite(withCustomerKey),
};

/** Whether a rule is `KMS` with a given key. `alias/acs/oss` names the service's key. */
export function judgeCustomerKey(site: EncryptionSite): Finding | undefined {
    const known = knownRule(site);
    if (known === undefined) return undefined;
    if (known.rule === undefined) return { undecided: known.undecided };
    const strength = ruleStrength(known.rule);
    if (strength !== undefined && strength >= 3) return undefined;
    const found = strength === undefined ? `an algorithm that this version does not know` : describeRule(known.rule);
    return {
        violation: `a customer key is required, found ${found}; set sseAlgorithm to "KMS" and kmsMasterKeyId to the key`,
    };
}

/** Gives the configured key to a rule without one. Data in SM4 stays in SM4. */
export function withCustomerKey(site: EncryptionSite, { config }: Judged): RuleChanges | undefined {
    const known = knownRule(site);
    const strength = known?.rule === undefined ? undefined : ruleStrength(known.rule);
    if (known?.rule === undefined || strength === undefined || strength >= 3) return undefined;
    const key = (typeof site.region === "string" ? config.keys?.[site.region] : undefined) ?? config.key;
    if (key === undefined) return undefined;
    const { sseAlgorithm: algorithm } = known.rule;
    const isSm4 =
        algorithm === "SM4" || (typeof site.rule === "object" && ruleText(site.rule, "kmsDataEncryption") === "SM4");
    return {
        sseAlgorithm: algorithm.startsWith("KMS") ? algorithm : "KMS",
        kmsMasterKeyId: key,
        ...(isSm4 && hasDataEncryption(site.store) ? { kmsDataEncryption: "SM4" } : {}),
    };
}

/** Rules are `KMS` with a given key. */
export function customerKeyRequired(options?: PolicyOptions<CustomerKeyConfig>) {
    return resourcePolicy(definition, options);
}
