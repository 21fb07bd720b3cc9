import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { Counts } from "./counts";
import { play, type Scenario } from "./soak";
import type { Run } from "./stack-scenario";
import { StackWorld } from "./stack-world";

const folder = path.join(__dirname, "..", "vectors", "soak");
const up: Run = {
    kind: "run",
    verb: "up",
    engine: "in-process",
    refresh: false,
    parallel: 1,
    continueOnError: false,
    diff: false,
    kill: undefined,
    healsAfterFailure: false,
};

describe("scenarios of the soak", function () {
    this.timeout(120_000);

    for (const name of readdirSync(folder)) {
        it(`keep every promise: ${name}`, async () => {
            const counts = new Counts();
            await play(JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Scenario, counts);
            expect(counts.total("operations")).to.be.greaterThan(2);
        });
    }

    it("fail when a bucket does not have its declared rule after a success", async () => {
        const setup = {
            account: "plain",
            hasPlugin: false,
            isDurable: false,
            hasTinyDisk: false,
            stores: "oss",
        } as const;
        const world = await StackWorld.create(setup, new Counts());
        try {
            await world.take({
                kind: "declare",
                bucket: "soak-logs",
                rule: "other",
                holder: "each",
                classes: "dynamic",
                onDelete: "remove",
                version: 1,
            });
            await world.take(up);
            // The soak is told of every change but this one.
            world.cloud.setRule("soak-logs", undefined);
            const refused = await world.take(up).then(
                () => "nothing",
                (error: Error) => error.message,
            );
            expect(refused).to.include('soak-logs after up succeeded: {"declared":"other"}');
        } finally {
            await world.dispose();
        }
    });
});
