/** For tests of stacks that use this package. */

export {
    EmbeddedEngine,
    type EmbeddedEngineOptions,
    type ResourceStep,
    type RunOptions,
    type RunResult,
    TemporaryStack,
    type TemporaryStackOptions,
} from "./engine";
export { LocalCloud, type LocalCloudOptions } from "./local-cloud";
