import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ItemStack } from "../stacks/item-stack";

/** A hook that logs its call, and fails when a variable of the stack requests it. */
const hooks = `
const fs = require("fs");
const note = (line) => fs.appendFileSync(process.env.CLOUD + "/hooks.log", line + "\\n");
const hook = (when, options) => new pulumi.ResourceHook(when, ({ name, id, newInputs, oldInputs, newOutputs }) => {
    if (process.env.FAIL_HOOK === when) throw new Error(when + " gives up");
    note([when, name, id || "-", oldInputs?.size ?? "-", newInputs?.size ?? "-", newOutputs?.made ?? "-"].join(" "));
}, options);
const all = () => Object.fromEntries(["Create", "Update", "Delete"].flatMap((what) => ["before", "after"].map((when) => [when + what, [hook(when + what)]])));
`;

describe("a program's functions that the engine calls", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    const begin = async (body: string): Promise<void> => {
        stack = await ItemStack.items(body);
    };
    const called = (): string[] => {
        const log = join(stack.cloud, "hooks.log");
        return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    };
    afterEach(() => stack.remove());

    it("transform a resource first by its own transforms, then by its parent's, then by the stack's", async () => {
        await begin(`
            const add = (letter) => ({ custom, props, opts }) => custom ? { props: { ...props, note: (props.note ?? "") + letter }, opts } : undefined;
            pulumi.runtime.registerResourceTransform(add("s"));
            const group = new Group("group", { transforms: [add("p")] });
            new Item("a", { key: "a" }, { parent: group, transforms: [add("o")] });
            new Item("b", { key: "b" });
        `);
        await stack.up();
        expect(stack.resource("a")?.inputs).to.include({ note: "ops" });
        expect(stack.resource("b")?.inputs).to.include({ note: "s" });
        expect((await stack.run("up")).steps).to.deep.equal([]);
    });

    it("transform options too, and a moved value keeps its dependencies, as with the real engine", async () => {
        await begin(`
            const a = new Item("a", { key: "a" });
            const move = ({ props: { of, ...props }, opts }) => ({ props: { ...props, moved: of }, opts: { ...opts, protect: true, additionalSecretOutputs: ["made"] } });
            new Item("b", { key: "b", of: a.made }, { transforms: [move] });
        `);
        await stack.up();
        const b = stack.resource("b");
        expect(b).to.include({ protect: true });
        expect(b?.propertyDependencies).to.deep.equal({ __provider: [], key: [], moved: [] });
        expect(b?.dependencies).to.deep.equal([stack.resource("a")?.urn]);
        expect(b?.additionalSecretOutputs).to.deep.equal(["made"]);
    });

    it("reject a declaration with the reason when a transform throws", async () => {
        await begin(
            'new Item("a", { key: "a" }, { transforms: [() => { throw new Error("the transform gives up"); }] });',
        );
        const summary = await stack.run("up");
        expect(summary.result.succeeded).to.equal(false);
        expect(summary.messages.join("\n")).to.contain("invoke transform:").and.to.contain("the transform gives up");
        expect(stack.live).to.deep.equal({});
    });

    it("are called before and after create, update and delete, with the values known at that time", async () => {
        await begin(`${hooks} new Item("a", { key: "a", size: 1 }, { hooks: all() });`);
        await stack.run("preview");
        expect(called(), "previews").to.deep.equal([]);
        await stack.up();
        stack.declare(`${hooks} new Item("a", { key: "a", size: 2 }, { hooks: all() });`);
        await stack.up();
        stack.declare(`${hooks} all();`);
        await stack.up();
        expect(called()).to.deep.equal([
            "beforeCreate a - - 1 -",
            "afterCreate a a - 1 made-a",
            "beforeUpdate a a 1 2 -",
            "afterUpdate a a 1 2 made-a",
            "beforeDelete a a 1 - -".replace("1", "2"),
            "afterDelete a a 2 - -",
        ]);
    });

    it("are called in a preview when they request it", async () => {
        await begin(
            `${hooks} new Item("a", { key: "a" }, { hooks: { beforeCreate: [hook("eager", { onDryRun: true })] } });`,
        );
        await stack.run("preview");
        expect(called()).to.deep.equal(["eager a - - - -"]);
    });

    it("prevent a step when they fail before it, and fail the operation when they fail after it", async () => {
        await begin(`${hooks} new Item("a", { key: "a", size: Number(process.env.SIZE) }, { hooks: all() });`);
        Object.assign(stack.environment, { SIZE: "1", FAIL_HOOK: "beforeCreate" });
        const before = await stack.run("up");
        expect(before.messages.join("\n")).to.contain('before hook "beforeCreate" failed').and.to.contain("gives up");
        expect(stack.live).to.deep.equal({});
        Object.assign(stack.environment, { FAIL_HOOK: "afterCreate" });
        const after = await stack.run("up");
        expect(after.result.succeeded).to.equal(false);
        expect(after.messages.join("\n")).to.contain('after hook "afterCreate" failed');
        expect(stack.resource("a")?.id).to.equal("a");
        Object.assign(stack.environment, { FAIL_HOOK: "", SIZE: "2" });
        expect((await stack.up()).steps).to.deep.equal(["update a"]);
    });

    it("are called after a step once it is in the journal, so that a kill meanwhile loses nothing", async () => {
        const program = (size: number) => `
            const hook = (when) => new pulumi.ResourceHook(when, () => {
                const last = JSON.parse(require("fs").readFileSync(process.env.JOURNAL, "utf8").trim().split("\\n").at(-1));
                require("fs").appendFileSync(process.env.CLOUD + "/hooks.log", [when, ...last.map((change) => Object.keys(change)[0])].join(" ") + "\\n");
            });
            const hooks = { afterCreate: [hook("create")], afterUpdate: [hook("update")], afterDelete: [hook("delete")] };
            ${size > 0 ? `new Item("a", { key: "a", size: ${size} }, { hooks });` : ""}
        `;
        await begin(program(1));
        stack.environment = { ...stack.environment, JOURNAL: stack.journalFile };
        await stack.up();
        stack.declare(program(2));
        await stack.up();
        stack.declare(program(0));
        await stack.up();
        expect(called()).to.deep.equal(["create end put", "update end drop put", "delete end drop"]);
    });

    it("are still called for running steps when another step fails", async () => {
        await begin(`${hooks}
            let begin;
            const begun = new Promise((resolve) => { begin = resolve; });
            const beforeCreate = [new pulumi.ResourceHook("begin", () => begin("now"))];
            new Item("slow", { key: "slow", slow: 1500 }, { hooks: { ...all(), beforeCreate } });
            new Item("bad", { key: "bad", fail: "create", note: begun });
        `);
        const { result, messages } = await stack.run("up");
        expect(result.succeeded).to.equal(false);
        expect(called()).to.deep.equal(["afterCreate slow slow - - made-slow"]);
        expect(messages).to.have.length(1);
        expect(messages[0]).to.contain("create of bad refused");
    });

    it("retry a call as often as an error hook requests it", async () => {
        await begin(`${hooks}
            let asked = 0;
            const again = new pulumi.ErrorHook("again", ({ failedOperation, errors }) => { note([failedOperation, errors.length].join(" ")); asked += 1; return asked < 3; });
            new Item("a", { key: "a", fail: "create" }, { hooks: { onError: [again] } });
        `);
        const summary = await stack.run("up");
        expect(summary.result.succeeded).to.equal(false);
        expect(called()).to.deep.equal(["create 1", "create 2", "create 3"]);
        expect(summary.messages).to.include("retrying create due to on-error hook request (2/100)");
        expect(summary.messages).to.include("create of a refused");
    });

    it("reject a destroy without the program, and are called in a destroy with it", async () => {
        await begin(`${hooks} new Item("a", { key: "a" }, { hooks: { beforeDelete: [hook("beforeDelete")] } });`);
        await stack.up();
        const refused = await stack.run("destroy");
        expect(refused.result.succeeded).to.equal(false);
        expect(refused.messages.join("\n")).to.contain("You must run with the `--run-program` flag");
        expect(stack.live).to.have.property("a");
        const summary = await stack.run("destroy", { runProgram: true });
        expect(summary.result.succeeded, summary.messages.join("\n")).to.equal(true);
        expect(called()).to.deep.equal(["beforeDelete a a - - -"]);
        expect(stack.live).to.deep.equal({});
        expect(stack.resources).to.deep.equal([]);
    });

    it("create nothing in a destroy that runs the program, which deletes undeclared resources too", async () => {
        await begin('new Item("a", { key: "a" }); new Item("old", { key: "old" });');
        await stack.up();
        stack.declare(
            'const a = new Item("a", { key: "a", size: 9 }); const n = new Item("new", { key: "new" }); new Item("user", { key: "user", of: n.made });',
        );
        stack.takeCalls();
        const summary = await stack.run("destroy", { runProgram: true });
        expect(summary.result.succeeded, summary.messages.join("\n")).to.equal(true);
        expect(
            stack
                .takeCalls()
                .filter((call) => /^(create|update|delete)/.test(call))
                .sort(),
        ).to.deep.equal(["delete a", "delete old"]);
        expect(stack.live).to.deep.equal({});
    });
});
