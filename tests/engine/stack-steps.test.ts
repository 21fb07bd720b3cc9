import { expect } from "chai";
import { ItemStack } from "../stacks/item-stack";

describe("the steps of a stack", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    const begin = async (body: string): Promise<void> => {
        stack = await ItemStack.items(body);
    };
    afterEach(() => stack.remove());

    it("creates, keeps, updates and deletes what a program declares", async () => {
        await begin('new Item("a", { key: "a", size: 1 }); new Item("b", { key: "b" });');
        expect((await stack.up()).result.changes).to.deep.equal({ create: 3 });
        expect(stack.live).to.deep.equal({ a: { key: "a", size: 1 }, b: { key: "b" } });
        expect((await stack.up()).result.changes).to.deep.equal({ same: 3 });
        stack.declare('new Item("a", { key: "a", size: 2 });');
        const summary = await stack.up();
        expect(summary.result.changes).to.deep.equal({ same: 1, update: 1, delete: 1 });
        expect(summary.steps).to.deep.equal(["update a", "delete b"]);
        expect(stack.live).to.deep.equal({ a: { key: "a", size: 2 } });
        await stack.run("destroy");
        expect(stack.live).to.deep.equal({});
        expect(stack.resources).to.deep.equal([]);
    });

    it("creates a replacement first, and deletes the old resource at the end", async () => {
        await begin('new Item("a", { key: "one" });');
        await stack.up();
        stack.takeCalls();
        stack.declare('new Item("a", { key: "two" }); new Item("b", { key: "b" });');
        const summary = await stack.up();
        expect(summary.result.changes).to.deep.equal({ same: 1, replace: 1, create: 1 });
        const calls = stack.takeCalls().filter((call) => !call.startsWith("diff"));
        expect(calls.at(-1)).to.equal("delete one");
        expect(Object.keys(stack.live).sort()).to.deep.equal(["b", "two"]);
        expect(stack.resource("a")?.id).to.equal("two");
    });

    it("deletes first if the provider or the program requests it, dependents before", async () => {
        const body = (key: string): string =>
            `const a = new Item("a", { key: "${key}", early: true }); new Item("b", { key: pulumi.interpolate\`b-of-\${a.made}\` });`;
        await begin(body("one"));
        await stack.up();
        stack.takeCalls();
        stack.declare(body("two"));
        const summary = await stack.up();
        expect(stack.takeCalls().filter((call) => !call.startsWith("diff"))).to.deep.equal([
            "delete b-of-made-one",
            "delete one",
            "create two",
            "create b-of-made-two",
        ]);
        expect(summary.result.changes).to.deep.equal({ same: 1, replace: 2 });
        expect(stack.resources.filter(({ pendingReplacement }) => pendingReplacement)).to.deep.equal([]);
        stack.declare('new Item("a", { key: "three" }, { deleteBeforeReplace: false });');
        await stack.up();
        expect(stack.takeCalls().filter((call) => !call.startsWith("diff"))).to.include.ordered.members([
            "create three",
        ]);
    });

    it("compares inputs when the provider reports no difference", async () => {
        await begin('new Item("a", { key: "a", size: 1, opinion: "none" }, { replaceOnChanges: ["color"] });');
        await stack.up();
        expect((await stack.up()).result.changes).to.deep.equal({ same: 2 });
        stack.declare('new Item("a", { key: "a", size: 2, opinion: "none" }, { replaceOnChanges: ["color"] });');
        expect((await stack.up()).result.changes).to.deep.equal({ same: 1, update: 1 });
        stack.declare(
            'new Item("a", { key: "a", size: 2, color: "red", opinion: "none" }, { replaceOnChanges: ["color"] });',
        );
        expect((await stack.run("preview")).result.changes).to.deep.equal({ same: 1, replace: 1 });
    });

    it("sends unknown values in previews only", async () => {
        await begin(
            'const a = new Item("a", { key: "a" }); new Item("b", { key: "b", of: a.made }); exports.made = a.made;',
        );
        const preview = await stack.run("preview");
        expect(preview.result.changes).to.deep.equal({ create: 3 });
        expect(stack.live).to.deep.equal({});
        expect(stack.takeCalls()).to.deep.equal([]);
        const { result } = await stack.up();
        expect(stack.live.b).to.deep.equal({ key: "b", of: "made-a" });
        expect(result.outputs).to.deep.equal({ made: "made-a" });
        expect(stack.resource("b")?.dependencies).to.deep.equal([stack.resource("a")?.urn]);
    });

    it("reads resources that it does not manage, and drops them without deleting them", async () => {
        await begin(
            'class Known extends pulumi.CustomResource { constructor(name, id) { super("pulumi-nodejs:dynamic/items:Item", name, { __provider: \'exports.handler = () => require("./provider.js");\', made: undefined, size: undefined }, { id }); } } const a = new Known("a", "elsewhere"); exports.size = a.size; const made = new Item("made", { key: "made" }); new Known("late", made.id);',
        );
        stack.setLive("elsewhere", { key: "elsewhere", size: 7 });
        expect((await stack.run("preview")).result.changes).to.deep.equal({ create: 2 });
        const { result } = await stack.up();
        expect(stack.resource("late")).to.include({ external: true, id: "made" });
        expect(result.outputs).to.deep.equal({ size: 7 });
        expect(stack.resource("a")).to.include({ external: true, id: "elsewhere" });
        stack.declare("");
        expect((await stack.up()).result.changes).to.deep.equal({ same: 1, delete: 1, discard: 2 });
        expect(Object.keys(stack.live)).to.deep.equal(["elsewhere"]);
    });

    it("treats a missing resource of a read as one without properties, as the real engine does", async () => {
        await begin(
            'class Known extends pulumi.CustomResource { constructor(name, id) { super("pulumi-nodejs:dynamic/items:Item", name, { __provider: \'exports.handler = () => require("./provider.js");\' }, { id }); } } new Known("a", "nowhere");',
        );
        await stack.up();
        expect(stack.resource("a")).to.include({ external: true, id: "nowhere" });
        expect((await stack.run("refresh")).result.changes).to.deep.equal({ same: 1, delete: 1 });
        expect(stack.resource("a")).to.equal(undefined);
    });

    it("follows ignoreChanges, protect, retainOnDelete and aliases", async () => {
        await begin(
            'new Item("a", { key: "a", size: 1 }, { ignoreChanges: ["size"], protect: true }); new Item("r", { key: "r" }, { retainOnDelete: true });',
        );
        await stack.up();
        stack.declare('new Item("a", { key: "a", size: 2 }, { ignoreChanges: ["size"], protect: true });');
        expect((await stack.up()).steps).to.deep.equal(["delete r"]);
        expect(stack.live).to.deep.equal({ a: { key: "a", size: 1 }, r: { key: "r" } });
        stack.declare("");
        const summary = await stack.run("up");
        expect(summary.result.succeeded).to.equal(false);
        expect(summary.messages.join("\n")).to.contain("is protected");
        expect(stack.resource("a")).to.not.equal(undefined);
        stack.declare(
            'const group = new Group("g"); new Item("renamed", { key: "a", size: 1 }, { parent: group, aliases: [{ name: "a", parent: pulumi.rootStackResource }] });',
        );
        expect((await stack.up()).steps).to.deep.equal(["create g"]);
        expect(stack.resource("renamed")?.id).to.equal("a");
        expect(stack.resource("renamed")).to.not.have.property("aliases");
        expect(stack.resources).to.have.lengthOf(4);
    });

    it("deletes in layers, with components and their children, and skips deletedWith resources", async () => {
        await begin(
            'const g = new Group("g"); const a = new Item("a", { key: "a" }, { parent: g }); const b = new Item("b", { key: "b" }, { dependsOn: [g] }); new Item("c", { key: "c" }, { dependsOn: [b], deletedWith: a });',
        );
        await stack.up();
        stack.takeCalls();
        const summary = await stack.run("destroy");
        expect(summary.result.succeeded).to.equal(true);
        expect(stack.takeCalls()).to.deep.equal(["delete b", "delete a"]);
        expect(summary.steps.slice(0, 4)).to.deep.equal(["delete c", "delete b", "delete a", "delete g"]);
    });

    it("rejects duplicate names, unsupported types and options by name", async () => {
        await begin('new Item("a", { key: "a" }); new Item("a", { key: "b" });');
        expect((await stack.run("up")).messages.join("\n")).to.contain("Duplicate resource URN");
        stack.declare('new pulumi.CustomResource("aws:s3/bucket:Bucket", "mine", {});');
        const foreign = await stack.run("up");
        expect(foreign.result.succeeded).to.equal(false);
        expect(foreign.messages.join("\n"))
            .to.contain("aws:s3/bucket:Bucket resource 'mine': The plugin pulumi-resource-aws was not found")
            .and.to.contain("Install it with `pulumi plugin install resource NAME VERSION`");
        stack.declare('new Item("a", { key: "a" }, { import: "elsewhere" });');
        expect((await stack.run("up")).messages.join("\n")).to.contain('The option "import" is not supported');
        stack.declare('exports.region = pulumi.output(pulumi.runtime.invoke("aws:index:getRegion", {}));');
        const invoked = await stack.run("up");
        expect(invoked.result.succeeded).to.equal(false);
        expect(invoked.messages.join("\n")).to.contain(
            "function aws:index:getRegion: The plugin pulumi-resource-aws was not found",
        );
    });
});
