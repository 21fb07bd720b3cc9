import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { ItemStack } from "../../stacks/item-stack";

/** Whether a process runs code. An ended process that its parent has not collected (a zombie) does not. */
function runs(pid: number): boolean {
    try {
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
        return false;
    }
}

async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await delay(10);
}

/** Writes the process's id to a file, then keeps its only thread busy. */
const spin = (file: string): string =>
    `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); while (true) {}`;

describe("the processes of an engine that is killed", function () {
    // Without /proc the test cannot know whether a process runs.
    if (!existsSync("/proc/self/status")) return;
    this.timeout(60_000);
    let stack: ItemStack;
    let engine: ChildProcess | undefined;
    let busy: number | undefined;

    const start = (): void => {
        engine = stack.begin("up", "--yes", "--skip-preview", "--stack", "dev").child;
    };
    /** Resolves with the id of the process that wrote the file. */
    const processOf = async (file: string): Promise<number> => {
        await until(() => existsSync(file) && readFileSync(file, "utf8") !== "");
        busy = Number(readFileSync(file, "utf8"));
        return busy;
    };
    const killEngine = (): void => {
        engine?.kill("SIGKILL");
    };
    afterEach(() => {
        killEngine();
        if (busy !== undefined && runs(busy)) process.kill(busy, "SIGKILL");
        stack.remove();
    });

    it("end while the program's thread is busy forever", async () => {
        stack = await ItemStack.items();
        const file = join(stack.folder, "busy-program");
        stack.declare(spin(file));
        start();
        const program = await processOf(file);
        expect(runs(program)).to.equal(true);
        killEngine();
        await until(() => !runs(program));
    });

    it("end while a provider's thread is busy forever, and exit handlers of a waiting program run", async () => {
        stack = await ItemStack.items();
        const [provider, program] = [join(stack.folder, "busy-provider"), join(stack.folder, "waiting-program")];
        const farewell = join(stack.folder, "farewell");
        writeFileSync(join(stack.folder, "provider.js"), spin(provider));
        stack.declare(`new Item("a", { key: "a" });
            process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(farewell)}, "bye"));
            require("node:fs").writeFileSync(${JSON.stringify(program)}, String(process.pid));
            setInterval(() => {}, 1000);`);
        start();
        const ids = [await processOf(program), await processOf(provider)];
        killEngine();
        await until(() => !ids.some(runs));
        expect(readFileSync(farewell, "utf8")).to.equal("bye");
    });
});
