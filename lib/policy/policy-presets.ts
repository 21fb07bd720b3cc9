import type { EnforcementLevel } from "@pulumi/policy";

/** The configuration of a pack: a level or more for each policy, as `--policy-pack-config` takes it. */
export type PackConfiguration = Readonly<
    Record<
        string,
        EnforcementLevel | ({ readonly enforcementLevel?: EnforcementLevel } & Readonly<Record<string, unknown>>)
    >
>;

/**
 * Common configurations. Each is a file beside the pack, for `--policy-pack-config`. Reports name the policies, so the two of CIS
 * are distinct in them.
 */
export const policyPresets = {
    /** CIS Alibaba Cloud 5.8: KMS with the service's key. */
    "cis-alibaba-cloud-5.8": { "cis-alibaba-cloud-5.8": "mandatory", "cis-alibaba-cloud-5.9": "disabled" },
    /** CIS Alibaba Cloud 5.9: KMS with a customer's key. */
    "cis-alibaba-cloud-5.9": { "cis-alibaba-cloud-5.8": "disabled", "cis-alibaba-cloud-5.9": "mandatory" },
} as const satisfies Record<string, PackConfiguration>;
