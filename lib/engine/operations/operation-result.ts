import type { ResourceChanges } from "../deployment/engine-event";
import type { PropertyMap } from "../values/property-value";

/** What an operation did, or would do. */
export interface OperationResult {
    readonly succeeded: boolean;
    readonly changes: ResourceChanges;
    readonly durationMs: number;
    /** What the program exported; undefined when no program ran or it ended earlier. */
    readonly outputs: PropertyMap | undefined;
}
