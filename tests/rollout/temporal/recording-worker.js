// A worker whose engine records what it deploys: `node recording-worker.js ROLLOUT-FILE ENGINE-FOLDER MILLISECONDS MAX-CONCURRENT`.
// It says on standard output when it works, and on a message how much memory it has.
const { readRolloutFile, temporalEngine } = require("../../../dist/rollout");
const { RecordingEngine } = require("./recording-engine.js");

const [rolloutFile, folder, milliseconds, maxConcurrent] = process.argv.slice(2);
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
process.on("message", () => process.send({ residentBytes: process.memoryUsage.rss() }));

temporalEngine()
    .runWorker(readRolloutFile(rolloutFile), {
        engine: new RecordingEngine(folder, Number(milliseconds)),
        environment: process.env,
        maxConcurrent: Number(maxConcurrent),
        stop: stop.signal,
        cancel: new AbortController().signal,
        say: (text) => process.stdout.write(`${text}\n`),
    })
    .then(
        () => process.exit(0),
        (error) => {
            console.error(error);
            process.exit(1);
        },
    );
