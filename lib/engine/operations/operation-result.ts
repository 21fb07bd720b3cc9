import type { ResourceChanges } from "../deployment/engine-event";
import type { PropertyMap } from "../values/property-value";

/** The result of an operation or its preview. */
export interface OperationResult {
    readonly succeeded: boolean;
    readonly changes: ResourceChanges;
    readonly durationMs: number;
    /** The outputs of the program; undefined when no program ran or it ended earlier. */
    readonly outputs: PropertyMap | undefined;
}
