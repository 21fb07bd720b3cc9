import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { newFolder, removeFolder } from "./fuzz-target";

const root = path.join(__dirname, "..", "..");

describe("the watchdog of fuzzing", () => {
    const readers = {
        "computes without end": ["for (;;);", "takes too long"],
        "waits without end": ["await new Promise((resolve) => setTimeout(resolve, 60_000));", "takes too long"],
    } as const;
    for (const [what, [work, reason]] of Object.entries(readers))
        it(`ends a process whose reader ${what}, and keeps the input`, () => {
            const folder = newFolder();
            const program = `
                const { Watchdog } = require("./tests/fuzz/watchdog");
                const watchdog = new Watchdog(${JSON.stringify(folder)}, { cpuSeconds: 0.5, seconds: 1 });
                const read = async () => {
                    watchdog.begin("a-target", Buffer.from("fine"));
                    watchdog.end();
                    watchdog.begin("a-target", Buffer.from("endless"));
                    ${work}
                };
                read();`;
            const { signal, stderr } = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", program], {
                cwd: root,
                encoding: "utf8",
            });
            expect([signal, stderr]).to.deep.equal(["SIGKILL", stderr]);
            expect(stderr).to.match(
                new RegExp(`^The reader of a-target ${reason} \\(\\d+ s of CPU time, \\d+ s, \\d+ MiB\\)`, "m"),
            );
            expect(readFileSync(path.join(folder, "last-input.bin"), "utf8")).to.equal("endless");
            removeFolder(folder);
        });
});
