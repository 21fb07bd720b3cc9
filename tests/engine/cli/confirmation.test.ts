import { resolve } from "node:path";
import { expect } from "chai";
import { skipBecause } from "../../skip-because";
import { ItemStack } from "../../stacks/item-stack";
import { noTerminal, onTerminal } from "./on-terminal";

describe("the question before an operation on a terminal", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    before(function () {
        const reason = noTerminal();
        if (reason !== undefined) skipBecause(this, reason);
    });
    beforeEach(async () => {
        stack = await ItemStack.items('new Item("a", { key: "a", size: 1 });');
    });
    afterEach(() => stack.remove());

    const answered = (answers: string): { status: number | null; shown: string } =>
        onTerminal([process.execPath, resolve("dist/cli/pulumi-embedded.js"), "up", "--stack", "dev"], {
            cwd: stack.folder,
            env: stack.environment,
            answers,
        });

    it("continues after yes", () => {
        const { status, shown } = answered("yes");
        expect(status, shown).to.equal(0);
        expect(stack.live).to.deep.equal({ a: { key: "a", size: 1 } });
    });

    it("shows every property for details, asks again, and changes nothing after no", () => {
        const { status, shown } = answered("details,no");
        expect(status, shown).to.equal(8);
        expect(shown).to.contain("size: 1").and.to.contain("confirmation declined");
        expect(stack.live).to.deep.equal({});
    });
});
