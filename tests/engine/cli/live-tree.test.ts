import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { skipBecause } from "../../skip-because";
import { ItemStack } from "../../stacks/item-stack";
import { noTerminal, onTerminal } from "./on-terminal";

const controls = "\u001b[";

describe("what an operation shows", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    const up = [process.execPath, resolve("dist/cli/pulumi-embedded.js"), "up", "--yes", "--skip-preview", "-s", "dev"];
    const place = (columns: number, variables: NodeJS.ProcessEnv = {}) => ({
        cwd: stack.folder,
        env: { ...stack.environment, ...variables },
        columns,
    });
    before(function () {
        const reason = noTerminal();
        if (reason !== undefined) skipBecause(this, reason);
    });
    beforeEach(async () => {
        stack = await ItemStack.items(
            'const group = new Group("group"); const a = new Item("a", { key: "a", slow: 600 }, { parent: group }); new Item("b", { key: "b", of: a.made, fail: process.env.FAIL }); exports.made = a.made;',
        );
    });
    afterEach(() => stack.remove());

    it("is a tree of steps on a terminal, redrawn until the operation ends", () => {
        const { status, shown } = onTerminal(up, place(100));
        expect(status, shown).to.equal(0);
        const frames = shown.split(`${controls}J`);
        expect(frames.length).to.be.greaterThan(3);
        expect(shown).to.match(/├─ items:index:Group +group +created/);
        expect(shown).to.match(/└─ pulumi-nodejs:dynamic\/items:Item +a +creating/);
        const last = frames.at(-1) ?? "";
        expect(last)
            .to.match(/└─ pulumi-nodejs:dynamic\/items:Item +a +created/)
            .and.to.match(/Status/);
        expect(last).to.contain("Outputs:").and.to.contain("+ 4 created").and.not.to.contain("in progress");
        expect(last).to.contain(`${controls}32m`);
    });

    it("lists the messages of each resource below the tree when a step fails", () => {
        const { status, shown } = onTerminal(up, place(100, { FAIL: "create" }));
        expect(status).to.equal(1);
        const last = shown.split(`${controls}J`).at(-1) ?? "";
        expect(last).to.match(/b +creating failed +1 error/);
        expect(last.replaceAll("\r", ""))
            .to.contain("Diagnostics:")
            .and.to.contain("pulumi-nodejs:dynamic/items:Item (b):\n");
        expect(last).to.contain("create of b refused").and.to.contain("update failed");
    });

    it("has no colors on a terminal with NO_COLOR", () => {
        const { shown } = onTerminal(up, place(100, { NO_COLOR: "1" }));
        expect(shown)
            .to.contain("└─")
            .and.not.to.match(/\[\d+m/);
    });

    it("is cut to the width of the terminal", () => {
        const { shown } = onTerminal(up, place(60));
        const last = shown.split(`${controls}J`).at(-1) ?? "";
        expect(last).to.contain("…");
        for (const line of last.split("\n").filter((text) => text.includes("items:Item")))
            expect(stripVTControlCharacters(line).trimEnd().length).to.be.lessThan(60);
    });

    it("is plain lines on a terminal too narrow for a tree, and without a terminal", async () => {
        const narrow = onTerminal(up, place(40, { NO_COLOR: "1" }));
        expect(narrow.shown).to.contain("created").and.not.to.contain(controls);
        const none = await stack.command("up", "--yes", "--skip-preview", "--stack", "dev");
        expect(none.stdout).to.contain("unchanged").and.not.to.contain(controls);
    });
});
