import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { CheckpointFileJson } from "../../lib/engine/state/checkpoint-format";
import { snapshotFault } from "../../lib/engine/state/snapshot-integrity";
import { type Extent, extentText, limitMs, roundsOf } from "../extent";
import { randomFor } from "../seed";
import { ItemStack } from "../stacks/item-stack";

const count = 40;

export const locksOf = (stack: ItemStack): string[] => {
    const folder = join(stack.state, ".pulumi", "locks", "organization", "many", "dev");
    return existsSync(folder) ? readdirSync(folder) : [];
};

/** @param extent how often it is killed */
export function killedEngine(extent: Extent): void {
    describe("an engine that is killed at any moment", function () {
        this.timeout(limitMs(extent, 20));
        let stack: ItemStack;
        beforeEach(async () => {
            stack = new ItemStack("many", { COUNT: String(count), DELAY_MS: "60" });
            await stack.engine().createStack("dev");
        });
        afterEach(() => stack.remove());

        it(`is followed by an up that ends in the declared state, ${extentText(extent)}, at random moments`, async () => {
            const killed = [
                { verb: "up", COUNT: String(count) },
                { verb: "destroy", COUNT: String(count) },
                { verb: "up", COUNT: String(count / 2) },
            ];
            const random = randomFor("moments of kills of the engine");
            for (const kill of roundsOf(extent)) {
                const { verb = "", COUNT } = killed[kill % killed.length] ?? {};
                const afterMs = 500 + random() * 2500;
                const when = `${verb} of ${COUNT} killed after ${afterMs} ms`;
                stack.environment.COUNT = COUNT;
                await stack.killed(afterMs, verb, "--yes", "--skip-preview", "--stack", "dev", "--parallel", "4");
                const { checkpoint } = JSON.parse(readFileSync(stack.checkpointFile, "utf8")) as CheckpointFileJson;
                if (checkpoint.latest !== undefined) expect(snapshotFault(checkpoint.latest), when).to.equal(undefined);
                stack.environment.COUNT = String(count);
                expect((await stack.up()).result.succeeded, when).to.equal(true);
                expect(stack.resources, when).to.have.lengthOf(count + 2);
                expect(existsSync(stack.journalFile), when).to.equal(false);
                expect(locksOf(stack), when).to.deep.equal([]);
            }
            expect((await stack.run("up")).result.changes).to.deep.equal({ same: count + 1 });
        });
    });
}
