import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ItemStack } from "../stacks/item-stack";

describe("a stack in which something fails", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    const begin = async (body: string): Promise<void> => {
        stack = await ItemStack.items(body);
    };
    afterEach(() => stack.remove());

    it("keeps finished steps and the old outputs when a resource cannot be created", async () => {
        await begin('new Item("a", { key: "a" }); exports.first = "kept";');
        await stack.up();
        stack.declare(
            'const a = new Item("a", { key: "a", size: 2 }); const b = new Item("b", { key: "b", fail: "create" }, { dependsOn: [a] }); new Item("c", { key: "c" }, { dependsOn: [b] }); exports.second = b.made;',
        );
        const summary = await stack.run("up");
        expect(summary.result.succeeded).to.equal(false);
        expect(summary.messages).to.include("create of b refused");
        expect(stack.live).to.deep.equal({ a: { key: "a", size: 2 } });
        expect(stack.resource("a")?.inputs).to.include({ size: 2 });
        expect(stack.resource("b")).to.equal(undefined);
        expect(stack.resource("items-dev")?.outputs).to.include({ first: "kept" });
    });

    it("keeps outputs, deletes nothing and shows the error when the program throws", async () => {
        await begin('new Item("a", { key: "a" }); exports.first = "kept";');
        await stack.up();
        stack.declare('throw new Error("the program is broken");');
        const summary = await stack.run("up");
        expect(summary.result.succeeded).to.equal(false);
        expect(summary.messages.join("\n")).to.contain("the program is broken");
        expect(stack.live).to.have.property("a");
        expect(stack.resource("items-dev")?.outputs).to.deep.equal({ first: "kept" });
    });

    it("shows the exit code of a program that ended without an error message", async () => {
        await begin("process.exit(5);");
        stack.inProcess = false;
        const summary = await stack.run("up");
        expect(summary.messages).to.include("an unhandled error occurred: Program exited with non-zero exit code: 5");
    });

    it("rejects every resource whose inputs are wrong, in previews and in updates, and deploys none of them", async () => {
        await begin(`new Item("fine", { key: "fine" });
            const a = new Item("a", { key: "invalid" });
            new Item("needs-a", { key: a.made });
            new Item("b", { key: "invalid" });
            new Item("c", { key: "invalid" });`);
        for (const verb of ["preview", "up"] as const) {
            const summary = await stack.run(verb);
            expect(summary.result.succeeded).to.equal(false);
            const expected = ["a", "b", "c"].map(
                (name) =>
                    `pulumi-nodejs:dynamic/items:Item resource '${name}': property key value {invalid} has a problem: it must not be invalid`,
            );
            expect(summary.messages.filter((message) => message.includes("has a problem"))).to.have.members(expected);
            if (verb === "preview") expect(summary.steps).to.include("create fine").and.not.include("create needs-a");
        }
        for (const name of ["a", "b", "c", "needs-a"]) expect(stack.resource(name)).to.equal(undefined);
    });

    it("shows the output of a provider host that died during a call", async () => {
        await begin('new Item("a", { key: "a", crash: "create" });');
        const summary = await stack.run("up");
        expect(summary.result.succeeded).to.equal(false);
        expect(summary.messages.join("\n")).to.match(
            /the dynamic provider host ended with exit code 7; it printed:\n\s+the ship is sinking/,
        );
        expect(stack.resource("a")).to.equal(undefined);
    });

    it("shows the output of a provider host that did not print its port, or ended before it", async () => {
        await begin('new Item("a", { key: "a" });');
        stack.inProcess = false;
        const preload = join(stack.folder, "preload.js");
        stack.environment.NODE_OPTIONS = `--require ${preload}`;
        const only = (does: string): string => `if (process.argv[1].includes("dynamic-provider")) { ${does} }`;
        writeFileSync(preload, only('console.log("hello there");'));
        const garbage = await stack.run("up");
        expect(garbage.result.succeeded).to.equal(false);
        expect(garbage.messages.join("\n")).to.match(
            /did not print its port number as its first line; it printed:\n\s+hello there/,
        );
        writeFileSync(preload, only('console.error("no way"); process.exit(3);'));
        const dead = await stack.run("up");
        expect(dead.messages.join("\n")).to.match(/ended with exit code 3 before it listened; it printed:\n\s+no way/);
    });

    it("reports a missing SDK with the folder", async () => {
        await begin("");
        rmSync(join(stack.folder, "node_modules"));
        const summary = await stack.run("up");
        expect(summary.result.succeeded).to.equal(false);
        expect(summary.messages.join("\n")).to.match(
            /The Pulumi SDK was not found: @pulumi\/pulumi is not installed for the program \(file .*\)\. Run `npm install` in the program's folder\.$/m,
        );
    });

    it("deletes other resources when a protected one stays, and keeps those that it needs", async () => {
        await begin(
            'const a = new Item("a", { key: "a" }); new Item("p", { key: "p", of: a.made }, { protect: true }); new Item("c", { key: "c" });',
        );
        await stack.up();
        const summary = await stack.run("destroy");
        expect(summary.result.succeeded).to.equal(false);
        expect(summary.messages.join("\n")).to.contain("cannot be deleted\nbecause it is protected");
        expect(Object.keys(stack.live).sort()).to.deep.equal(["a", "p"]);
        expect(stack.resources).to.have.lengthOf(4);
    });

    it("shows the output of a provider", async () => {
        await begin('new Item("a", { key: "a", print: "create" });');
        expect((await stack.up()).messages).to.include("printed while it creates");
    });

    it("keeps a resource whose creation was not finished, and updates it the next time", async () => {
        await begin('new Item("a", { key: "a", half: "create" });');
        const summary = await stack.run("up");
        expect(summary.result.succeeded).to.equal(false);
        expect(summary.messages.join("\n")).to.contain("1 error occurred:\n    * not ready");
        expect(stack.resource("a")).to.deep.include({ id: "a", initErrors: ["not ready"] });
        const again = await stack.up();
        expect(again.steps).to.deep.equal(["update a"]);
        expect(stack.resource("a")).to.not.have.property("initErrors");
    });

    it("finishes running steps when it is cancelled, and starts no other", async () => {
        await begin('const a = new Item("a", { key: "a", slow: 1500 }); new Item("b", { key: "b", of: a.made });');
        const controller = new AbortController();
        const { result } = await stack
            .engine()
            .up({
                cancel: controller.signal,
                listener: (event) => {
                    if (event.kind === "step" && event.step.urn.endsWith("::a"))
                        setTimeout(() => controller.abort(), 200);
                },
            })
            .then((result) => ({ result }));
        expect(result.succeeded).to.equal(false);
        expect(stack.resource("a")?.id).to.equal("a");
        expect(stack.resource("b")).to.equal(undefined);
    });

    it("shows nothing of a program that it ended because the refresh before it failed", async () => {
        await begin('new Item("a", { key: "a", fail: "read" });');
        await stack.up();
        stack.declare('new Item("a", { key: "a", fail: "read" }); console.log("the program runs");');
        stack.inProcess = false;
        const summary = await stack.run("up", { refresh: true });
        expect(summary.messages.at(-1)).to.equal("read of a refused");
        expect(summary.messages.join("\n")).not.to.match(/the program runs|UNAVAILABLE|failed to deliver/);
    });

    it("continues a refresh when one read fails, and keeps that resource", async () => {
        await begin('new Item("a", { key: "a", fail: "read" }); new Item("b", { key: "b", size: 1 });');
        await stack.up();
        stack.setLive("b", { key: "b", size: 2 });
        const summary = await stack.run("refresh");
        expect(summary.result.succeeded).to.equal(false);
        expect(summary.messages).to.include("read of a refused");
        expect(stack.resource("a")?.id).to.equal("a");
        expect(stack.resource("b")?.inputs).to.include({ size: 2 });
    });

    // The CLI 3.247 waits for ever in these cases, and keeps the state.
    describe("that deletes resources first, and where failures are tolerated", () => {
        const known = () =>
            stack.resources
                .filter(({ type }) => type.endsWith(":Item"))
                .map(({ urn, id, pendingReplacement }) => [urn.split("::").at(-1), id, pendingReplacement ?? false]);
        const tolerant = async () => {
            const { steps, result } = await stack.run("up", { continueOnError: true });
            expect(result.succeeded).to.equal(false);
            return { steps, calls: stack.takeCalls().filter((call) => /create|update|delete/.test(call)) };
        };

        it("keeps a resource that could not be deleted, and one whose deletion that prevented", async () => {
            stack = await ItemStack.items(
                'const root = new Item("root", { key: "root" }, { deleteBeforeReplace: true }); new Item("free", { key: "free" }, { replaceWith: [root] }); new Item("stuck", { key: "stuck", fail: "delete" }, { replaceWith: [root] });',
            );
            await stack.up();
            stack.takeCalls();
            stack.declare(
                'const root = new Item("root", { key: "other" }, { deleteBeforeReplace: true }); new Item("free", { key: "free", size: 2 }); new Item("stuck", { key: "stuck-2", fail: "delete" }, { replaceWith: [root] });',
            );
            expect(await tolerant()).to.deep.equal({
                steps: ["delete-replaced stuck", "update free"],
                calls: ["delete stuck", "update free"],
            });
            expect(known()).to.have.deep.members([
                ["root", "root", false],
                ["free", "free", false],
                ["stuck", "stuck", false],
            ]);
            expect(stack.live).to.have.all.keys("root", "free", "stuck");
        });

        it("deletes nothing for a replacement that is skipped", async () => {
            stack = await ItemStack.items(
                'const root = new Item("root", { key: "root" }, { deleteBeforeReplace: true }); new Item("dependent", { key: "dependent" }, { replaceWith: [root] });',
            );
            await stack.up();
            stack.takeCalls();
            stack.declare(
                'const faulty = new Item("faulty", { key: "faulty", fail: "create" }); const root = new Item("root", { key: "other" }, { deleteBeforeReplace: true, dependsOn: [faulty] }); new Item("dependent", { key: "dependent" }, { replaceWith: [root] });',
            );
            expect(await tolerant()).to.deep.equal({ steps: ["create faulty"], calls: ["create faulty"] });
            expect(known()).to.deep.equal([
                ["root", "root", false],
                ["dependent", "dependent", false],
            ]);
        });
    });
});
