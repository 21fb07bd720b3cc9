import type { Properties } from "../declaration";
import type { DiffOutcome } from "../lifecycle";
import type { RuleIssue } from "../rule";
import type { BucketLister } from "./bucket-access";

/** What a check answers to the engine. */
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
     * Faults of the declaration are issues in every operation. What is found out about the cloud (another account, a key that cannot be
     * used, a rule that would be weakened) is an issue in a preview only. In a deployment `create` and `update` fail with it, so that
     * it stops its own bucket and not the whole deployment.
     * @param before the inputs of the last deployment, empty for a new resource
     */
    check(before: Properties, declared: Properties, isPreview: boolean, lister?: BucketLister): Promise<CheckAnswer>;
    /**
     * What `check` finds out about the cloud, for engines whose check does not tell a preview from a deployment: they preview the creation
     * or the update itself. Repeats no request of the check.
     * @param state of a resource that exists
     */
    findings(before: Properties, inputs: Properties, state?: Properties): Promise<readonly RuleIssue[]>;
    /** A resource whose credentials are another account's differs, so that its update fails. */
    diff(state: Properties, inputs: Properties): DiffOutcome;
    /**
     * What the check of a preview could not find out, since it does not get the state. Nothing in a deployment.
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
