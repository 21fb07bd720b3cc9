import type { RolloutStack } from "../file/rollout-file";

/**
 * A deployment engine, as far as rollouts use it. Its events are those of Pulumi's event log (sdk/go/common/apitype/events.go), which
 * every engine has.
 */
export interface StackEngine {
    /** The name for reports, with the version. */
    readonly name: string;
    /** Reports what `up` would do. With `create`, creates a missing stack first. */
    preview(stack: RolloutStack, options: PreviewOptions): Promise<EngineResult>;
    /** Deploys the stack without asking. */
    up(stack: RolloutStack, options: OperationOptions): Promise<EngineResult>;
}

export interface OperationOptions {
    /** Read every resource first. */
    readonly refresh: boolean;
    /** Folders of policy packs. */
    readonly policyPacks: readonly string[];
    /** Gets each event as it was read: `engineEventOf` gives it its shape. */
    readonly onEvent: (event: unknown) => void;
    /** Ends the operation as ^C would: running steps finish, no further one begins. */
    readonly cancel: AbortSignal;
}

export interface PreviewOptions extends OperationOptions {
    /** Create a missing stack. */
    readonly create: boolean;
}

export interface EngineResult {
    readonly succeeded: boolean;
    /** The printed text of a failed operation, for failures without an event. Holds no secret. */
    readonly printed: string;
}

/** One line of an engine's event log, as far as rollouts read it. */
export interface EngineEvent {
    readonly resourcePreEvent?: { readonly metadata: StepMetadata };
    readonly resOutputsEvent?: { readonly metadata: StepMetadata };
    readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
    readonly diagnosticEvent?: {
        readonly urn?: string;
        readonly message: string;
        readonly severity: string;
        readonly ephemeral?: boolean;
    };
    readonly policyEvent?: {
        readonly resourceUrn?: string;
        readonly message: string;
        readonly policyName: string;
        readonly policyPackName: string;
        readonly enforcementLevel: string;
    };
}

export interface StepMetadata {
    readonly op: string;
    readonly urn: string;
    readonly type: string;
    readonly old?: ResourceJson | null;
    readonly new?: ResourceJson | null;
    readonly keys?: readonly string[] | null;
    readonly diffs?: readonly string[] | null;
    readonly detailedDiff?: unknown;
    readonly provider?: string;
}

export interface ResourceJson {
    readonly urn?: string;
    readonly type?: string;
    readonly id?: string;
    readonly parent?: string;
    readonly inputs?: Readonly<Record<string, unknown>> | null;
    readonly outputs?: Readonly<Record<string, unknown>> | null;
}
