/** A resource's state in a preview or an exported state, of which only what a review reads is described. */
export interface ResourceEntry {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly provider?: string;
    /** Only read, never written, by the stack. */
    readonly external?: boolean;
    readonly sourcePosition?: unknown;
    /** Pulumi's option that forbids to delete the resource. */
    readonly protect?: boolean;
    /** Waits to be deleted. */
    readonly delete?: boolean;
    /** Pulumi's own option: the engine forgets the resource and its provider does nothing. */
    readonly retainOnDelete?: boolean;
}
