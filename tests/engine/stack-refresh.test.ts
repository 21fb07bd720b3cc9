import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { EngineEvent } from "../../lib/engine";
import { ItemStack } from "../stacks/item-stack";

describe("a stack whose resources changed outside it", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    afterEach(() => stack.remove());

    it("updates the state to match the resources, drops missing ones, and repairs references to them", async () => {
        stack = await ItemStack.items(
            'const a = new Item("a", { key: "a" }); new Item("child", { key: "child" }, { parent: a }); new Item("b", { key: "b", of: a.made }); new Item("c", { key: "c" });',
        );
        await stack.up();
        stack.setLive("a", undefined);
        stack.setLive("c", { key: "c", size: 3 });
        const summary = await stack.run("refresh");
        expect(summary.result.changes).to.deep.equal({ same: 3, update: 1, delete: 1 });
        expect(stack.resource("a")).to.equal(undefined);
        expect(stack.resource("b")).to.not.have.property("dependencies");
        expect(stack.resource("child")?.parent).to.match(/::items-dev$/);
        expect(stack.resource("c")?.inputs).to.include({ size: 3 });
        expect((await stack.up()).steps).to.have.members(["create a", "update c"]);
    });

    it("is read before each update if the project says so, unless the command says otherwise", async () => {
        stack = await ItemStack.items('new Item("a", { key: "a", size: 1 });');
        const file = join(stack.folder, "Pulumi.yaml");
        writeFileSync(file, `${readFileSync(file, "utf8")}options:\n  refresh: always\n`);
        await stack.up();
        stack.setLive("a", { key: "a", size: 2 });
        expect((await stack.run("preview", { refresh: false })).result.changes).to.deep.equal({ same: 2 });
        const preview = await stack.run("preview");
        expect(preview.steps).to.include.members(["refresh a", "update a"]);
        expect(preview.result.changes).to.deep.equal({ same: 1, update: 1 });
        expect(stack.live.a).to.include({ size: 2 });
        expect((await stack.up()).result.changes).to.deep.equal({ same: 1, update: 1 });
        expect(stack.live.a).to.include({ size: 1 });
    });

    it("keeps what was read before it was cancelled", async () => {
        stack = await ItemStack.items(
            'new Item("a", { key: "a" }); new Item("b", { key: "b" }); new Item("c", { key: "c" });',
        );
        await stack.up();
        stack.setLive("a", { key: "a", size: 3 });
        stack.setLive("b", undefined);
        stack.setLive("c", { key: "c", size: 4 });
        const cancel = new AbortController();
        const listener = (event: EngineEvent): void => {
            if (event.kind === "outputs" && event.step.urn.endsWith("::b")) cancel.abort();
        };
        const result = await stack.engine().refresh({ parallel: 1, cancel: cancel.signal, listener });
        expect(result.succeeded).to.equal(false);
        expect(stack.takeCalls().filter((call) => call.startsWith("read"))).to.deep.equal(["read a", "read b"]);
        expect(stack.resource("a")?.inputs).to.include({ size: 3 });
        expect(stack.resource("b")).to.equal(undefined);
        expect(stack.resource("c")?.inputs).to.not.have.property("size");
        expect((await stack.run("refresh")).result.succeeded).to.equal(true);
        expect(stack.resource("c")?.inputs).to.include({ size: 4 });
    });

    it("leaves no pending operation when the comparison after a reading fails", async () => {
        stack = await ItemStack.items('new Item("a", { key: "a", fail: "diff" });');
        await stack.up();
        const refresh = await stack.run("refresh");
        expect(refresh.messages.at(-1)).to.equal("diff of a refused");
        const { checkpoint } = JSON.parse(readFileSync(stack.checkpointFile, "utf8"));
        expect(checkpoint.latest.resources).to.have.length(3);
        expect(checkpoint.latest).to.not.have.property("pending_operations");
    });

    it("changes nothing in a preview", async () => {
        stack = await ItemStack.items('new Item("a", { key: "a" });');
        await stack.up();
        const before = readFileSync(stack.checkpointFile, "utf8");
        stack.setLive("a", undefined);
        const summary = await stack.run("refresh", { preview: true });
        expect(summary.result.changes).to.deep.equal({ same: 1, delete: 1 });
        expect(readFileSync(stack.checkpointFile, "utf8")).to.equal(before);
    });
});
