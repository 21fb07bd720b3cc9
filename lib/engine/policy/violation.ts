import type { PropertyMap } from "../values/property-value";
import type { EnforcementLevel, PolicySeverity } from "./policy-config";

export interface Violation {
    /** Empty when a policy doesn't say. */
    readonly urn: string;
    readonly level: EnforcementLevel;
    readonly policy: string;
    readonly pack: string;
    readonly packVersion: string;
    readonly severity: PolicySeverity;
    readonly description: string;
    /** What people are told: the SDK lets it begin with the description where that helps. */
    readonly message: string;
}

/** Other inputs that a policy wants a resource to have, or why it couldn't say. */
export interface Remediation extends Omit<Violation, "urn" | "level" | "severity"> {
    readonly properties: PropertyMap | undefined;
}
