// The functions for commands about rollouts on Temporal. Loaded only for them.
export { abortOnTemporal, resumeOnTemporal, runOnTemporal } from "./control/run-on-temporal";
export { TemporalControl } from "./control/temporal-control";
export { runWorker } from "./worker/run-worker";
