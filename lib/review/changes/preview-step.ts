import type { ResourceEntry } from "../resources/resource-entry";

/** One step of a preview. */
export interface PreviewStep {
    /** The engine's name of the operation, such as `create`, `update`, `delete`, `same`. */
    readonly op: string;
    readonly urn: string;
    /** Absent for a resource that is created. */
    readonly oldState?: ResourceEntry;
    /** Absent for a resource that is deleted. */
    readonly newState?: ResourceEntry;
    /** Properties that the engine found changed; absent where it does not say. */
    readonly changed?: readonly string[];
}

/** A mandatory policy that refused the preview. */
export interface PolicyRefusal {
    readonly pack: string;
    readonly policy: string;
    /** The resource; absent for a policy that judges the whole stack. */
    readonly urn?: string;
    /** The policy's own sentence. */
    readonly message: string;
}

/** A rule that the provider could not read during the preview. */
export interface UnreadRule {
    /** The resource whose provider reported it; absent where the engine does not say. */
    readonly urn?: string;
    /** The provider's sentence, which names the buckets. */
    readonly reason: string;
}

/** The findings of a preview besides its steps. */
export interface PreviewFindings {
    /** Why the preview failed, as the engine said: it ended early, and its steps are incomplete. */
    readonly failures: readonly string[];
    readonly refusals: readonly PolicyRefusal[];
    readonly unread: readonly UnreadRule[];
}
