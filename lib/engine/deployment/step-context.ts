import type { ProviderRegistry } from "../provider/provider-registry";
import type { SnapshotRecorder } from "../state/snapshot-recorder";
import type { DeploymentLog } from "./deployment-log";
import type { ResourceHooks } from "./resource-hooks";

/** What steps work with. */
export interface StepContext {
    readonly preview: boolean;
    readonly providers: ProviderRegistry;
    readonly recorder: SnapshotRecorder;
    readonly log: DeploymentLog;
    /** The URNs that this operation deletes: a resource that goes with another needs no call of its own. */
    readonly deleting: ReadonlySet<string>;
    /** The program's functions that are called around steps. */
    readonly hooks: ResourceHooks;
}
