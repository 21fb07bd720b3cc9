import type { ProviderRegistry } from "../provider/provider-registry";
import type { SnapshotRecorder } from "../state/snapshot-recorder";
import type { DeploymentLog } from "./deployment-log";
import type { ResourceHooks } from "./resource-hooks";

/** The dependencies of steps. */
export interface StepContext {
    readonly preview: boolean;
    readonly providers: ProviderRegistry;
    readonly recorder: SnapshotRecorder;
    readonly log: DeploymentLog;
    /** The URNs that this operation deletes: a resource with `deletedWith` needs no call if that one is deleted too. */
    readonly deleting: ReadonlySet<string>;
    /** The program's functions that run before and after steps. */
    readonly hooks: ResourceHooks;
}
