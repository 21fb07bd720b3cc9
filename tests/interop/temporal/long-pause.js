// Runs a rollout with a pause of 90 days on Temporal's server that skips time: `node long-pause.js SERVER PORT FOLDER`. It prints the log.
// The server listens on all interfaces, so the test gives this process a network of its own, which has only loopback.
const { spawn } = require("node:child_process");
const { writeFileSync } = require("node:fs");
const path = require("node:path");
const { setTimeout: delay } = require("node:timers/promises");
const { makePlan, readRolloutFile, temporalEngine } = require("../../../dist/rollout");
const { RecordingEngine } = require("../../rollout/temporal/recording-engine.js");
const { Connection } = require("@temporalio/client");
const { InternalConnectionOptionsSymbol } = require("@temporalio/client/lib/connection");

async function main(command, port, folder) {
    const server = spawn(command, [port], { stdio: "ignore" });
    try {
        const file = path.join(folder, "rollout.yaml");
        writeFileSync(path.join(folder, "Pulumi.yaml"), "name: long\nruntime: nodejs\n");
        writeFileSync(
            file,
            `name: long
stacks: [{ name: a }, { name: b }]
waves: [{ name: first, stacks: [a], pause: 90d }, { name: second, stacks: [b] }]
temporal: { sharedPlace: shared }
`,
        );
        const rollout = readRolloutFile(file);
        const engine = new RecordingEngine(path.join(folder, "engine"), 10);
        const none = new AbortController();
        const options = { engine, concurrency: 1, createStacks: false, cancel: none.signal };
        const plan = await makePlan(rollout, { ...options, now: () => new Date(), onPlanned: () => {} });
        const address = `127.0.0.1:${port}`;
        const environment = { ...process.env, TEMPORAL_ADDRESS: address };
        const stop = new AbortController();
        const { runWorker, TemporalControl } = temporalEngine();
        const say = (text) => process.stderr.write(`${text}\n`);
        const worker = runWorker(rollout, {
            engine,
            environment,
            maxConcurrent: 2,
            stop: stop.signal,
            cancel: none.signal,
            say,
        });
        const connection = await Connection.connect({
            address,
            connectTimeout: 30_000,
            [InternalConnectionOptionsSymbol]: { supportsTestService: true },
        });
        const control = await TemporalControl.connect(rollout, plan, environment);
        await control.start();
        await connection.testService.unlockTimeSkipping({});
        let state = await control.state();
        while (state.isOpen) {
            await delay(200);
            state = await control.state();
        }
        console.log(JSON.stringify(state.log));
        stop.abort();
        await Promise.all([worker, control.close(), connection.close()]);
    } finally {
        server.kill("SIGKILL");
    }
}

main(...process.argv.slice(2)).then(
    () => process.exit(0),
    (error) => {
        console.error(error);
        process.exit(1);
    },
);
