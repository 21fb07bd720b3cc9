import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { ShelfStack } from "../stacks/shelf-stack";

describe("a stack whose provider is any plugin", function () {
    this.timeout(120_000);
    let stack: ShelfStack;
    const begin = async (body: string, settings?: string): Promise<void> => {
        stack = await ShelfStack.create(body, settings);
    };
    afterEach(() => stack.remove());

    it("creates, keeps, updates, replaces and deletes its resources, with a default provider as the CLI has it", async () => {
        await begin('new Book("one", { title: "emma", pages: 400 });');
        await stack.engine().setConfig("shelf:room", "attic", false);
        const preview = await stack.run("preview");
        expect(preview.result.changes).to.deep.equal({ create: 2 });
        expect(stack.takeCalls()).to.deep.equal([
            "handshake true plugin",
            'checkConfig {"room":"attic"}',
            'configure default {"room":"attic"}',
            "create emma preview",
        ]);
        await stack.up();
        expect(stack.live).to.deep.equal({ emma: { title: "emma", pages: 400 } });
        const [provider] = stack.resources.filter(({ type }) => type === "pulumi:providers:shelf");
        expect(provider).to.deep.include({
            urn: "urn:pulumi:dev::shelf::pulumi:providers:shelf::default",
            inputs: { room: "attic" },
            outputs: { room: "attic" },
        });
        expect(stack.resource("one")).to.deep.include({
            id: "emma",
            provider: `${provider?.urn}::${provider?.id}`,
            outputs: { title: "emma", pages: 400, spine: "attic: emma" },
        });
        stack.takeCalls();
        expect((await stack.up()).result.changes).to.deep.equal({ same: 2 });
        expect(stack.takeCalls().filter((call) => /create|update|delete|read/.test(call))).to.deep.equal([]);

        stack.declare('new Book("one", { title: "emma", pages: 401 });');
        expect((await stack.up()).steps).to.deep.equal(["update one"]);
        stack.declare('new Book("one", { title: "persuasion", pages: 401 });');
        expect((await stack.up()).result.changes).to.deep.equal({ same: 1, replace: 1 });
        expect(stack.live).to.deep.equal({ persuasion: { title: "persuasion", pages: 401 } });
        await stack.run("destroy");
        expect(stack.live).to.deep.equal({});
        expect(stack.resources).to.deep.equal([]);
    });

    it("shows how each property differs, in texts and documents", async () => {
        await begin('new Book("one", { title: "emma", pages: 400, author: "austen" });');
        await stack.up();
        stack.declare('new Book("one", { title: "persuasion", pages: 401, year: 1817 });');
        const { steps } = JSON.parse((await stack.command("preview", "--json")).stdout) as {
            steps: { op: string; detailedDiff: unknown; replaceReasons: unknown; diffReasons: unknown }[];
        };
        expect(steps.find(({ op }) => op === "replace")).to.deep.include({
            detailedDiff: {
                author: { kind: "delete", inputDiff: true },
                pages: { kind: "update", inputDiff: true },
                title: { kind: "update-replace", inputDiff: true },
                year: { kind: "add", inputDiff: true },
            },
            diffReasons: ["author", "pages", "title", "year"],
        });
        expect((await stack.command("preview")).stdout).to.include("[diff: -author,~pages,~title,+year]");
        const diff = (await stack.command("preview", "--diff")).stdout;
        for (const line of [
            '- author: "austen"',
            "~ pages : 400 => 401",
            '~ title : "emma" => "persuasion"',
            "+ year  : 1817",
        ])
            expect(diff).to.include(line);
    });

    it("passes secrets as such to a provider that accepts them, and encrypts what the provider marks as secret", async () => {
        await begin(
            'const one = new Book("one", { title: "emma", code: pulumi.secret("hush-code") }); exports.code = one.code;',
        );
        await stack.engine().setConfig("shelf:code", "hush-config", true);
        await stack.up();
        const calls = stack.takeCalls();
        expect(calls).to.include('configure default {"code":"hush-config"} true');
        expect(calls).to.include("create emma  true");
        expect(stack.live.emma).to.deep.equal({ title: "emma", code: "hush-code" });
        expect(readFileSync(stack.checkpointFile, "utf8")).to.not.include("hush-");
        expect(await stack.engine().outputs(true)).to.deep.equal({ code: "hush-code" });
    });

    it("shows in a preview only the outputs that the provider predicts", async () => {
        await begin(
            'const one = new Book("one", { title: "emma" }); new Book("two", { title: one.spine }); new Book("three", { title: one.id });',
        );
        const { result } = await stack.run("preview");
        expect(result.succeeded).to.equal(true);
        expect(stack.takeCalls().filter((call) => call.startsWith("create"))).to.have.members([
            "create emma preview",
            "create hall: emma preview",
            "create 04da6b54-80e4-46f7-96ec-b56ff0331ba9 preview",
        ]);
    });

    it("adopts existing resources by the option import, and updates them to the declaration", async () => {
        await begin('new Book("one", { title: "emma", pages: 400 }, { import: "emma" });');
        stack.setLive("emma", { title: "emma", pages: 400 });
        const preview = await stack.command("preview");
        expect(preview.stdout).to.match(/^ = +shelf:index:Book one import$/m);
        const adopted = await stack.up();
        expect(adopted.result.changes).to.deep.equal({ create: 1, import: 1, same: 1 });
        expect(stack.takeCalls().filter((call) => /create|update/.test(call))).to.deep.equal([]);
        expect(stack.resource("one")).to.deep.include({ id: "emma", inputs: { title: "emma", pages: 400 } });
        expect((await stack.up()).result.changes).to.deep.equal({ same: 2 });

        stack.setLive("persuasion", { title: "persuasion", pages: 250 });
        stack.declare('new Book("two", { title: "persuasion", pages: 251 }, { import: "persuasion" });');
        expect((await stack.up()).steps).to.deep.equal(["import two", "update two", "delete one"]);
        expect(stack.live).to.deep.equal({ persuasion: { title: "persuasion", pages: 251 } });

        stack.declare('new Book("two", { title: "gone" }, { import: "gone" });');
        const refused = await stack.run("up");
        expect(refused.messages).to.deep.equal(["resource 'gone' does not exist"]);
        expect(stack.resource("two")).to.deep.include({
            id: "persuasion",
            inputs: { title: "persuasion", pages: 251 },
        });

        stack.declare(
            'new Book("three", { title: "persuasion", pages: 300 }, { import: "persuasion", replaceOnChanges: ["pages"] });',
        );
        expect((await stack.run("preview")).messages).to.deep.equal([
            "previously-imported resources that still specify an ID may not be replaced; please remove the `import` declaration from your program;\npages: 251 => 300",
        ]);
    });

    // The states are those that the CLI 3.247 leaves.
    it("keeps an adopted resource in the state when what the program declares for it is refused", async () => {
        await begin('new Book("one", { title: "persuasion", pages: 250 }, { import: "emma" });');
        stack.setLive("emma", { title: "emma", pages: 400 });
        const replaced = await stack.run("up");
        expect(replaced.result).to.deep.include({ succeeded: false, changes: { create: 1, import: 1 } });
        expect(replaced.messages).to.deep.equal([
            "previously-imported resources that still specify an ID may not be replaced; please remove the `import` declaration from your program;\n",
        ]);
        const adopted = { id: "emma", importID: "emma", inputs: { title: "emma", pages: 400 } };
        expect(stack.resource("one")).to.deep.include(adopted);
        stack.takeCalls();
        expect((await stack.run("up")).result.changes).to.deep.equal({ same: 1 });
        expect(stack.takeCalls()).to.not.include("read emma import");

        stack.declare('new Book("one", { title: "emma", pages: -1 });');
        expect((await stack.run("up")).result.succeeded).to.equal(false);
        expect(stack.resource("one")).to.deep.include(adopted);
        stack.declare('new Book("one", { title: "emma", pages: 400 });');
        expect((await stack.up()).result.changes).to.deep.equal({ same: 2 });
        expect(stack.live).to.deep.equal({ emma: { title: "emma", pages: 400 } });
    });

    it("keeps an adopted resource whose declared inputs the provider refuses, and goes on with others if failures are tolerated", async () => {
        await begin(
            'const one = new Book("one", { title: "emma", pages: -1 }, { import: "emma" }); const gone = new Book("gone", { title: "gone" }, { import: "gone" }); new Book("kept", { title: "kept" }, { import: "kept", dependsOn: [gone] }); new Book("other", { title: "other" });',
        );
        stack.setLive("emma", { title: "emma", pages: 400 });
        stack.setLive("kept", { title: "kept" });
        const { result, messages } = await stack.run("up", { continueOnError: true });
        expect(result).to.deep.include({ succeeded: false, changes: { create: 2, import: 1 } });
        expect(messages).to.have.members([
            "shelf:index:Book resource 'one': property pages value {-1} has a problem: a book has no less than no page",
            "resource 'gone' does not exist",
        ]);
        const books = stack.resources.filter(({ type }) => type === "shelf:index:Book");
        expect(books.map(({ id }) => id)).to.have.members(["emma", "other"]);
    });

    it("keeps both the adopted resource and the one that it replaces until that is deleted", async () => {
        await begin('new Book("one", { title: "emma", pages: 400 });');
        await stack.up();
        stack.setLive("persuasion", { title: "persuasion", pages: 250 });
        stack.declare('new Book("one", { title: "sanditon", pages: 250 }, { import: "persuasion" });');
        expect((await stack.run("up")).result.succeeded).to.equal(false);
        const books = () => stack.resources.filter(({ type }) => type === "shelf:index:Book");
        expect(books().map((book) => [book.id, book.delete ?? false])).to.deep.equal([
            ["persuasion", false],
            ["emma", true],
        ]);
        stack.declare('new Book("one", { title: "persuasion", pages: 250 });');
        await stack.up();
        expect(books().map(({ id }) => id)).to.deep.equal(["persuasion"]);
        expect(stack.live).to.deep.equal({ persuasion: { title: "persuasion", pages: 250 } });
    });

    it("adopts a resource in place of one that was deleted for a replacement", async () => {
        await begin('const one = new Book("one", { title: "emma" }); new Book("two", { title: one.id });');
        stack.setLive("persuasion", { title: "persuasion" });
        await stack.up();
        stack.declare(
            'const one = new Book("one", { title: "sanditon" }, { deleteBeforeReplace: true }); new Book("two", { title: "persuasion" }, { import: "persuasion", dependsOn: [one] });',
        );
        await stack.up();
        const books = stack.resources.filter(({ type }) => type === "shelf:index:Book");
        expect(books.map(({ id, pendingReplacement }) => [id, pendingReplacement])).to.deep.equal([
            ["sanditon", undefined],
            ["persuasion", undefined],
        ]);
        expect((await stack.up()).result.changes).to.deep.equal({ same: 3 });
    });

    it("imports existing resources with the command, and warns of refused inputs and of a missing schema", async () => {
        await begin("");
        stack.setLive("emma", { title: "emma", pages: -4 });
        const file = { resources: [{ type: "shelf:index:Book", name: "one", id: "emma" }] };
        const { succeeded, program, changes, messages } = await stack.engine().import({ file });
        expect([succeeded, program, changes]).to.deep.equal([true, undefined, { create: 1, import: 1 }]);
        expect(messages[0]).to.match(
            /^One or more imported inputs failed to validate\. This is almost certainly a bug in the `shelf` provider\. /,
        );
        expect(messages[1]).to.include("a book has no less than no page");
        expect(messages[2]).to.match(/^No program is printed that declares the imported resources: /);
        expect(stack.resource("one")).to.deep.include({
            id: "emma",
            protect: true,
            inputs: { title: "emma", pages: -4 },
        });
        stack.declare('new Book("one", { title: "emma", pages: 4 }, { protect: true });');
        expect((await stack.up()).steps).to.deep.equal(["update one"]);
    });

    it("keeps a resource whose initialization failed, and repairs it by the next update", async () => {
        await begin('new Book("one", { title: "emma", fragile: true });');
        const failed = await stack.run("up");
        expect(failed.result.succeeded).to.equal(false);
        expect(stack.resource("one")).to.deep.include({ id: "emma", initErrors: ["its binding is loose"] });
        expect((await stack.up()).steps).to.deep.equal(["update one"]);
        expect(stack.resource("one")).to.not.have.property("initErrors");
    });

    it("rejects what the provider refuses, of resources and of its configuration", async () => {
        await begin('new Book("one", { title: "emma", pages: -1 });');
        expect((await stack.run("preview")).messages).to.deep.equal([
            "shelf:index:Book resource 'one': property pages value {-1} has a problem: a book has no less than no page",
        ]);
        await stack.engine().setConfig("shelf:colour", "red", false);
        expect((await stack.run("preview")).messages).to.deep.equal([
            `pulumi:providers:shelf resource 'default' has a problem: the shelf has no setting "colour"`,
        ]);
        // Nothing is said of the resources of a provider that is refused.
        stack.declare(
            'new Book("one", { title: "emma" }, { provider: new Shelf("mine", { colour: "red" }) }); new Book("two", { title: "emma", pages: -1 });',
        );
        const explicit = await stack.run("preview");
        expect(explicit.messages).to.include(
            `pulumi:providers:shelf resource 'mine' has a problem: the shelf has no setting "colour"`,
        );
        expect(explicit.messages.join()).not.to.include("unknown provider");
    });

    it("calls the provider's functions for the program, and gives it their errors", async () => {
        await begin(`
            const one = new Book("one", { title: "emma" });
            exports.count = pulumi.runtime.invokeOutput("shelf:index:count", { word: one.id });
            exports.empty = count("").catch((error) => error.message);
            exports.strange = pulumi.runtime.invoke("shelf:index:read", {}).catch((error) => error.message);
        `);
        await stack.up();
        const { count, ...others } = (await stack.engine().outputs(true)) as Record<string, unknown>;
        expect(count).to.deep.equal({ count: 1, hidden: "between the pages" });
        expect(others.empty).to.equal("Invoke of 'shelf:index:count' failed: it must not be empty (word)");
        expect(others.strange).to.include("invocation of shelf:index:read returned an error: the shelf cannot do that");
        expect(stack.takeCalls()).to.include("invoke shelf:index:count emma false");
        expect(readFileSync(stack.checkpointFile, "utf8")).to.not.include("between the pages");
    });

    it("has explicit providers, and replaces their resources when the provider's new configuration requires that", async () => {
        const body = (room: string) =>
            `const shelf = new Shelf("mine", { room: "${room}" }); new Book("one", { title: "emma" }, { provider: shelf });`;
        await begin(body("attic"));
        await stack.up();
        expect(stack.resource("mine")).to.deep.include({ inputs: { room: "attic" }, outputs: { room: "attic" } });
        expect(stack.resource("one")?.outputs).to.include({ spine: "attic: emma" });
        expect(stack.resources.filter(({ urn }) => urn.includes("::default"))).to.deep.equal([]);
        stack.takeCalls();
        expect((await stack.up()).result.changes).to.deep.equal({ same: 3 });
        expect(stack.takeCalls()).to.include("diffConfig attic attic");
        stack.declare(body("cellar"));
        const moved = await stack.up();
        expect(moved.result.changes).to.deep.equal({ same: 1, replace: 2 });
        expect(stack.resource("one")?.outputs).to.include({ spine: "cellar: emma" });
    });

    it("reads resources before an update if the provider asks for it", async () => {
        await begin('new Book("one", { title: "emma", pages: 400 });');
        await stack.engine().setConfig("shelf:fresh", "true", false);
        await stack.up();
        expect(stack.resource("one")).to.deep.include({ refreshBeforeUpdate: true });
        expect(JSON.parse(readFileSync(stack.checkpointFile, "utf8"))).to.deep.include({
            version: 4,
            features: ["refreshBeforeUpdate"],
        });
        stack.setLive("emma", { title: "emma", pages: 3 });
        const { steps } = await stack.run("preview");
        expect(steps).to.deep.equal(["refresh one", "update one"]);
        await stack.up();
        expect(stack.live.emma).to.deep.equal({ title: "emma", pages: 400 });

        // The display shows the rule that was read, not the change that would undo it.
        stack.setLive("emma", { title: "emma" });
        const { stdout } = await stack.command("preview");
        expect(stdout)
            .to.include("Book one refresh [differs from the state: -pages]")
            .and.include("Book one update [diff: +pages]");
    });

    it("ends running calls when the operation is cancelled", async () => {
        await begin('new Book("one", { title: "emma", slow: true });');
        const cancel = new AbortController();
        const running = stack.run("up", { cancel: cancel.signal });
        while (!stack.takeCalls().includes("create emma")) await new Promise((resolve) => setTimeout(resolve, 10));
        cancel.abort();
        const { messages } = await running;
        expect(messages).to.include("the librarian was called away");
    });

    it("runs as a process that is found on the PATH, with the CLI's warnings", async () => {
        await begin('new Book("one", { title: "emma" }, { version: "2.0.0" });', "");
        stack.inProcess = false;
        stack.environment = { ...stack.environment, PATH: `${stack.plugin}${path.delimiter}${process.env.PATH}` };
        const { messages } = await stack.up();
        expect(messages).to.deep.equal([
            `using pulumi-resource-shelf from $PATH at ${path.join(stack.plugin, "pulumi-resource-shelf")}`,
            "resource plugin shelf is expected to have version >=2.0.0, but has 1.4.0; the wrong version may be on your path, or this may be a bug in the plugin",
        ]);
        expect(stack.resources.map(({ urn }) => urn.split("::").at(-1))).to.include("default_2_0_0");
        expect(stack.live).to.deep.equal({ emma: { title: "emma" } });
    });

    it("is refused by name when the plugin, or a part of the protocol, is missing", async () => {
        await begin('new Book("one", { title: "emma" });', "");
        expect((await stack.run("preview")).messages.join("\n")).to.include(
            "shelf:index:Book resource 'one': The plugin pulumi-resource-shelf was not found in the workspace or on the PATH. Install it with",
        );
        stack.declare('new pulumi.StackReference("other");');
        expect((await stack.run("preview")).messages.join("\n")).to.include(
            'The type pulumi:pulumi:StackReference of the engine\'s own package "pulumi" is not supported by pulumi-embedded',
        );
    });
});
