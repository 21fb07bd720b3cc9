import { Worker } from "node:worker_threads";

/** An input that takes so much CPU time, or so long, is taken for one that never ends. That is sooner than the runner's limit for a target. */
const limits = { cpuSeconds: 20, seconds: 100, bytes: 1024 ** 3 };
const mostBytes = 1_000_000;

// Runs beside the readers: a reader that never ends blocks its own thread. It ends the process, since such a reader cannot be stopped otherwise.
const code = `
const { workerData } = require("node:worker_threads");
const { mkdirSync, writeFileSync, writeSync } = require("node:fs");
const { counter, text, folder, limits } = workerData;
const numbers = new Int32Array(counter);
let last = -1;
let begun;
const take = () => ({ at: performance.now(), cpu: process.cpuUsage(), rss: process.memoryUsage.rss() });
for (;;) {
    Atomics.wait(numbers, 2, 0, 250);
    if (Atomics.load(numbers, 2) === 1) break;
    const now = Atomics.load(numbers, 0);
    if (now !== last) { last = now; begun = take(); continue; }
    const { user, system } = process.cpuUsage(begun.cpu);
    const seconds = (performance.now() - begun.at) / 1000;
    const growth = process.memoryUsage.rss() - begun.rss;
    if (now % 2 === 0 || ((user + system) / 1e6 < limits.cpuSeconds && seconds < limits.seconds && growth < limits.bytes)) continue;
    const file = folder + "/last-input.bin";
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, Buffer.from(text).subarray(4, 4 + new DataView(text).getUint32(0)));
    const what = growth < limits.bytes ? "takes too long" : "fills the memory";
    writeSync(2, "\\nThe reader of " + Buffer.from(text).subarray(mostBytesOf(text)).toString().replace(/\\0+$/, "") + " " + what + " (" + Math.round((user + system) / 1e6) + " s of CPU time, " + Math.round(seconds) + " s, " + Math.round(growth / 1048576) + " MiB). The input is in " + file + "\\n");
    process.kill(process.pid, "SIGKILL");
}
function mostBytesOf(buffer) { return buffer.byteLength - 100; }
`;

/** Ends this process when one input takes too long or too much memory, and says which. */
export class Watchdog {
    readonly #numbers = new Int32Array(new SharedArrayBuffer(12));
    readonly #text = new SharedArrayBuffer(4 + mostBytes + 100);
    readonly #worker: Worker;

    /** @param folder where the input is written */
    constructor(folder: string, own: Partial<typeof limits> = {}) {
        const workerData = { counter: this.#numbers.buffer, text: this.#text, folder, limits: { ...limits, ...own } };
        this.#worker = new Worker(code, { eval: true, workerData, execArgv: [] });
        this.#worker.unref();
    }

    /** An input begins. */
    begin(target: string, input: Buffer): void {
        const text = Buffer.from(this.#text);
        const kept = input.subarray(0, mostBytes);
        new DataView(this.#text).setUint32(0, kept.length);
        kept.copy(text, 4);
        text.fill(0, text.length - 100);
        text.write(target, text.length - 100);
        Atomics.add(this.#numbers, 0, Atomics.load(this.#numbers, 0) % 2 === 0 ? 1 : 2);
    }

    /** It has ended. */
    end(): void {
        Atomics.add(this.#numbers, 0, 1);
    }

    async stop(): Promise<void> {
        Atomics.store(this.#numbers, 2, 1);
        Atomics.notify(this.#numbers, 2);
        await this.#worker.terminate();
    }
}
