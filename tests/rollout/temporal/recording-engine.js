// An engine of stacks for tests of workers: each stack has one bucket, its state is a file, and its lock is another one, as with real
// engines. Each deployment that changes something is a line of the log. Plain JavaScript, since workers are processes of compiled code.
const {
    appendFileSync,
    existsSync,
    linkSync,
    mkdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} = require("node:fs");
const path = require("node:path");
const { setTimeout: delay } = require("node:timers/promises");

class RecordingEngine {
    name = "recording";
    #folder;
    #milliseconds;

    /**
     * @param {string} folder of states, locks and the log
     * @param {number} milliseconds that a deployment takes
     */
    constructor(folder, milliseconds) {
        this.#folder = folder;
        this.#milliseconds = milliseconds;
        mkdirSync(folder, { recursive: true });
    }

    async preview(stack, { onEvent }) {
        onEvent({ resourcePreEvent: { metadata: this.#step(stack, this.#isDone(stack) ? "same" : "create") } });
        return { succeeded: true, printed: "" };
    }

    async up(stack, { onEvent, cancel }) {
        const lock = path.join(this.#folder, `${stack.name}.lock`);
        // Made whole: a worker may be killed at any moment, and nobody could tell who holds an empty lock.
        const draft = path.join(this.#folder, `${stack.name}.${process.pid}`);
        writeFileSync(draft, String(process.pid));
        try {
            linkSync(draft, lock);
        } catch {
            const holder = existsSync(lock) ? Number(readFileSync(lock, "utf8")) : 0;
            if (holder === 0 || isRunning(holder))
                return { succeeded: false, printed: `error: the stack is currently locked by process ${holder}` };
            // Its holder is gone.
            renameSync(draft, lock);
        } finally {
            rmSync(draft, { force: true });
        }
        const metadata = this.#step(stack, this.#isDone(stack) ? "same" : "create");
        try {
            onEvent({ resourcePreEvent: { metadata } });
            if (metadata.op === "create") {
                await delay(this.#milliseconds, undefined, { signal: cancel }).catch(() => undefined);
                if (cancel.aborted) return { succeeded: false, printed: "cancelled" };
                appendFileSync(path.join(this.#folder, "log"), `${stack.name}\n`);
                writeFileSync(path.join(this.#folder, `${stack.name}.done`), "");
            }
            onEvent({ resOutputsEvent: { metadata } });
            return { succeeded: true, printed: "" };
        } finally {
            rmSync(lock, { force: true });
        }
    }

    #isDone({ name }) {
        return existsSync(path.join(this.#folder, `${name}.done`));
    }

    #step({ name }, op) {
        const type = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";
        const urn = `urn:pulumi:${name}::recording::${type}::bucket`;
        const inputs = { bucket: `bucket-of-${name}`, sseAlgorithm: "AES256" };
        return { op, urn, type, old: op === "same" ? { inputs } : null, new: { inputs } };
    }
}

function isRunning(id) {
    try {
        process.kill(id, 0);
        return true;
    } catch {
        return false;
    }
}

module.exports = { RecordingEngine };
