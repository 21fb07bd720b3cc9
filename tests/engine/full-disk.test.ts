import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { CheckpointFileJson } from "../../lib/engine/state/checkpoint-format";
import { snapshotFault } from "../../lib/engine/state/snapshot-integrity";
import { skipBecause } from "../skip-because";
import { filesOpenBelow } from "../soak/marked-processes";
import { ItemStack } from "../stacks/item-stack";
import { TinyDisk } from "../tiny-disk";

const count = 40;

/** Sizes are those of tmpfs: pages of 4 KiB, and some 30 KiB for the state of all resources. */
describe("an engine whose disk is full", function () {
    this.timeout(240_000);
    let stack: ItemStack;
    let disk: TinyDisk;
    before(async function () {
        stack = new ItemStack("many", { COUNT: String(count), DELAY_MS: "0" });
        stack.inProcess = false;
        const mounted = TinyDisk.mount(stack.state, 1024 * 1024);
        if (typeof mounted === "string") return skipBecause(this, mounted);
        disk = mounted;
        await stack.engine().createStack("dev");
    });
    after(() => {
        disk?.unmount();
        stack.remove();
    });

    const stateOf = () => (JSON.parse(readFileSync(stack.checkpointFile, "utf8")) as CheckpointFileJson).checkpoint;
    const up = () => stack.command("up", "--yes", "--skip-preview", "--stack", "dev", "--parallel", "4");
    const locks = () => readdirSync(join(stack.state, ".pulumi", "locks", "organization", "many", "dev"));

    it("names the file and the cure, begins no step that it cannot record, and leaves a readable state", async () => {
        let known = 0;
        for (const left of [0, 4096, 16_384, 32_768]) {
            disk.fill(left);
            const { status, stdout, stderr } = await up();
            expect(status, `${left}: ${stdout}${stderr}`).to.equal(1);
            expect(stderr).to.match(
                /^error: The file cannot be written \(ENOSPC\) \(file .*\)\. Free space on the disk/m,
            );
            expect(stdout + stderr).not.to.match(/^ +at |internal error/m);
            if (left <= 4096) expect([existsSync(stack.journalFile), locks()]).to.deep.equal([false, []]);
            const { latest } = stateOf();
            if (latest !== undefined) expect(snapshotFault(latest)).to.equal(undefined);
            const { resources = [] } = (await stack.engine().exportState()).deployment;
            expect(resources.length).to.be.at.least(known);
            known = resources.length;
        }
        expect(known).to.be.greaterThan(5).and.lessThan(count);
    });

    it("continues where it ended once there is space", async () => {
        disk.free();
        const known = (await stack.engine().exportState()).deployment.resources?.length ?? 0;
        const { result } = await stack.up();
        expect(result.changes.create).to.be.at.most(count + 2 - known);
        expect(stack.resources).to.have.lengthOf(count + 2);
        expect([existsSync(stack.journalFile), locks()]).to.deep.equal([false, []]);
    });

    it("keeps its state when a later deployment fills the disk", async () => {
        stack.environment.COUNT = String(count + 1);
        disk.fill(16_384);
        expect((await up()).status).to.equal(1);
        expect(stateOf().latest?.resources).to.have.lengthOf(count + 2);
        disk.free();
        const { status, stdout } = await up();
        expect(status, stdout).to.equal(0);
        expect(stack.resources).to.have.lengthOf(count + 3);
    });

    it("continues in the same process, which keeps no file open", async () => {
        stack.inProcess = true;
        stack.environment.COUNT = String(count + 2);
        disk.fill(16_384);
        expect((await up()).status).to.equal(1);
        expect(existsSync(stack.journalFile)).to.equal(true);
        expect(locks(), "a lock that keeps the CLI from the old state").to.have.lengthOf(1);
        expect(filesOpenBelow(stack.state)).to.deep.equal([]);
        disk.free();
        const { status, stdout, stderr } = await up();
        expect(status, stdout + stderr).to.equal(0);
        expect(stack.resources).to.have.lengthOf(count + 4);
        expect([existsSync(stack.journalFile), locks()]).to.deep.equal([false, []]);
    });
});
