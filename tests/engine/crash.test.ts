import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import type { CheckpointFileJson } from "../../lib/engine/state/checkpoint-format";
import { snapshotFault } from "../../lib/engine/state/snapshot-integrity";
import { ItemStack } from "../stacks/item-stack";
import { locksOf } from "./killed-engine";

const count = 40;
describe("an engine that is killed", function () {
    this.timeout(240_000);
    let stack: ItemStack;
    beforeEach(async () => {
        stack = new ItemStack("many", { COUNT: String(count), DELAY_MS: "60" });
        await stack.engine().createStack("dev");
    });
    afterEach(() => stack.remove());

    it("loses no finished step at any moment, and the next up ends in the declared state", async () => {
        let known = 0;
        for (const lines of [1, 6, 7, 8, 9]) {
            await stack.killedInSteps(lines, "up", "--yes", "--skip-preview", "--stack", "dev", "--parallel", "4");
            const file = JSON.parse(readFileSync(stack.checkpointFile, "utf8")) as CheckpointFileJson;
            if (file.checkpoint.latest !== undefined) expect(snapshotFault(file.checkpoint.latest)).to.equal(undefined);
            const exported = (await stack.engine().exportState()).deployment;
            expect(snapshotFault(exported)).to.equal(undefined);
            const finished = exported.resources?.length ?? 0;
            expect(finished).to.be.at.least(known);
            known = finished;
        }
        expect(known).to.be.greaterThan(0);
        const summary = await stack.up();
        expect(stack.resources).to.have.lengthOf(count + 2);
        expect(summary.result.changes.create ?? 0).to.be.at.most(count + 2 - known);
        expect(existsSync(stack.journalFile)).to.equal(false);
        expect(locksOf(stack)).to.deep.equal([]);
    });

    it("leaves its lock, which keeps the CLI from a stale state, and removes it in the next command", async () => {
        await stack.killedInSteps(10, "up", "--yes", "--skip-preview", "--stack", "dev", "--parallel", "2");
        expect(existsSync(stack.journalFile)).to.equal(true);
        expect(locksOf(stack)).to.have.lengthOf(1);
        await stack.run("destroy");
        expect(stack.resources).to.have.lengthOf(0);
        expect(locksOf(stack)).to.deep.equal([]);
    });

    it("warns of pending creations until they are dropped", async () => {
        await stack.killedInSteps(10, "up", "--yes", "--skip-preview", "--stack", "dev", "--parallel", "2");
        const exported = (await stack.engine().exportState()).deployment;
        if (exported.pending_operations === undefined) return;
        expect((await stack.run("refresh")).messages.join("\n")).to.contain("interrupted while creating");
        await stack.run("refresh", { clearPendingCreates: true });
        expect((await stack.engine().exportState()).deployment).to.not.have.property("pending_operations");
    });

    it("rejects a state that another engine changed after the kill", async () => {
        await stack.killedInSteps(10, "up", "--yes", "--skip-preview", "--stack", "dev", "--parallel", "2");
        writeFileSync(stack.checkpointFile, `${readFileSync(stack.checkpointFile, "utf8")} `);
        const refused = await stack.run("up").then(
            () => undefined,
            (error: Error) => error,
        );
        expect(refused?.message)
            .to.contain("changed after the killed operation began")
            .and.to.contain(stack.journalFile);
    });
});
