import type { ObservedRule } from "./rule-arguments";
import { ruleStrength } from "./rule-strength";

/** The recommendations of the CIS Alibaba Cloud Foundation Benchmark about the encryption of buckets, by their names here. */
export const cisRecommendations = {
    "cis-alibaba-cloud-5.8": "encrypted by KMS with the service's key",
    "cis-alibaba-cloud-5.9": "encrypted by KMS with a customer's key",
} as const;

export type CisRecommendation = keyof typeof cisRecommendations;

export const cisRecommendationNames = Object.keys(cisRecommendations) as CisRecommendation[];

/** Whether a bucket with this rule meets a recommendation, as audits of the benchmark ask. No bucket meets both. */
export function meetsCis(recommendation: CisRecommendation, rule: ObservedRule | undefined): boolean {
    return ruleStrength(rule) === (recommendation === "cis-alibaba-cloud-5.8" ? 2 : 3);
}
