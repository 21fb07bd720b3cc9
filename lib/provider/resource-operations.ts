import type { Properties } from "../declaration";
import type { DiffOutcome } from "../lifecycle";
import type { RuleIssue } from "../rule";
import type { BucketLister } from "./bucket-access";

/** The answer of a check to the engine. */
export interface CheckAnswer {
    /** The declaration in canonical form. */
    readonly inputs: Properties;
    readonly issues: readonly RuleIssue[];
}

/** A resource as an engine reads it back. */
export interface ReadAnswer {
    readonly state: Properties;
    /** The inputs that would lead to it. */
    readonly inputs: Properties;
}

/** The operations on one kind of resource, as every entry point of the provider offers them. */
export interface ResourceOperations {
    /**
     * Faults of the declaration are issues in every operation. Findings about the cloud (another account, a key that cannot be
     * used, a rule that would be weakened) are issues in a preview only. In a deployment `create` and `update` fail with them, so
     * that a finding stops its own bucket and not the whole deployment.
     * @param before the inputs of the last deployment, empty for a new resource
     */
    check(before: Properties, declared: Properties, isPreview: boolean, lister?: BucketLister): Promise<CheckAnswer>;
    /**
     * The findings of `check` about the cloud, for engines whose check does not distinguish a preview from a deployment: they
     * preview the creation or the update itself. Repeats no request of the check.
     * @param state of a resource that exists
     */
    findings(before: Properties, inputs: Properties, state?: Properties): Promise<readonly RuleIssue[]>;
    /** A resource whose credentials are another account's differs, so that its update fails. */
    diff(state: Properties, inputs: Properties): DiffOutcome;
    /**
     * Findings that need the state, which the check of a preview does not get. Nothing in a deployment.
     * @throws UserError `buckets-failed`
     */
    refuseUnfinished?(state: Properties, inputs: Properties): Promise<void>;
    create(inputs: Properties): Promise<{ readonly id: string; readonly state: Properties }>;
    /**
     * @param isUnseen whether the engine may show no person the rule before the next operation
     * @returns `undefined` when the resource is gone
     */
    read(id: string, known: Properties, isUnseen?: boolean): Promise<ReadAnswer | undefined>;
    update(known: Properties, inputs: Properties): Promise<Properties>;
    delete(id: string, state: Properties): Promise<void>;
}
