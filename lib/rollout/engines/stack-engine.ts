import type { RolloutStack } from "../file/rollout-file";

/**
 * What the rollout needs of a deployment engine. It knows no more of engines than this: their events are those of Pulumi's event
 * log (sdk/go/common/apitype/events.go), which every engine has.
 */
export interface StackEngine {
    /** For people, with its version. */
    readonly name: string;
    /** Says what `up` would do. Makes the stack first where it isn't there, if `create` says so. */
    preview(stack: RolloutStack, options: PreviewOptions): Promise<EngineResult>;
    /** Makes the stack what its program declares, without asking. */
    up(stack: RolloutStack, options: OperationOptions): Promise<EngineResult>;
}

export interface OperationOptions {
    /** Read every resource first. */
    readonly refresh: boolean;
    /** Folders of policy packs. */
    readonly policyPacks: readonly string[];
    readonly onEvent: (event: EngineEvent) => void;
    /** Ends the operation as ^C would: what runs is finished, nothing new begins. */
    readonly cancel: AbortSignal;
}

export interface PreviewOptions extends OperationOptions {
    /** Make the stack where it isn't there. */
    readonly create: boolean;
}

export interface EngineResult {
    readonly succeeded: boolean;
    /** What it printed for people when it failed: where no event tells why. Holds no secret. */
    readonly printed: string;
}

/** One line of an engine's event log, as far as it is looked at. */
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
