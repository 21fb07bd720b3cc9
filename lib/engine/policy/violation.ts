import type { PropertyMap } from "../values/property-value";
import type { EnforcementLevel, PolicySeverity } from "./policy-config";

export interface Violation {
    /** Empty when the policy names no resource. */
    readonly urn: string;
    readonly level: EnforcementLevel;
    readonly policy: string;
    readonly pack: string;
    readonly packVersion: string;
    readonly severity: PolicySeverity;
    readonly description: string;
    /** The text for people. The SDK puts the description first where it helps. */
    readonly message: string;
}

/** The inputs that a policy gives a resource instead of its own, or the reason why the policy failed. */
export interface Remediation extends Omit<Violation, "urn" | "level" | "severity"> {
    readonly properties: PropertyMap | undefined;
}
