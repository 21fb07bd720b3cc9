import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
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
