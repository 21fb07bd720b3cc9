// Replays a history with the workflows as they are compiled now: `node replay-history.js FILE`. Plain JavaScript, since Temporal's
// runtime ends with its process.
const { readFileSync } = require("node:fs");
const { workflowBundle } = require("../../../dist/rollout/temporal/worker/workflow-bundle");
const { temporalPackage } = require("../../../dist/rollout/temporal/temporal-packages");

async function main(file) {
    const { Worker, Runtime, DefaultLogger } = temporalPackage("@temporalio/worker", "worker");
    Runtime.install({ logger: new DefaultLogger("ERROR", () => {}) });
    const code = await workflowBundle(undefined, process.env);
    const history = JSON.parse(readFileSync(file, "utf8"));
    const { workflowId } = history.events[0].workflowExecutionStartedEventAttributes;
    await Worker.runReplayHistory({ workflowBundle: { code } }, history, workflowId);
}

main(process.argv[2]).then(
    () => process.exit(0),
    (error) => {
        console.error(`${error.name}: ${error.message}`);
        process.exit(1);
    },
);
