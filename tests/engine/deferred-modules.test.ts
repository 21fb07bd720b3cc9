import { expect } from "chai";
import { TestStack } from "./test-stack";

/** Prints which of the modules for serializing functions a process has loaded. */
const loaded = `[...new Set(Object.keys(require.cache).map((file) =>
    /node_modules.(typescript|@npmcli.arborist)./.exec(file)?.[1]).filter(Boolean))].sort().join(" and ") || "neither"`;

describe("what the SDK needs for serializing functions alone", function () {
    this.timeout(120_000);
    let stack: TestStack;
    const messagesOf = async (body: string): Promise<readonly string[]> => {
        stack = await TestStack.items(body);
        return (await stack.up()).messages.map((message) => message.trim());
    };
    afterEach(() => stack.remove());

    it("isn't loaded for a program that serializes none", async () => {
        expect(await messagesOf(`new Item("a", { key: "a" }); console.log(${loaded});`)).to.include("neither");
    });

    it("is loaded when a provider's own functions are serialized", async () => {
        const messages = await messagesOf(`
            const factor = 3;
            const provider = { create: async ({ size }) => ({ id: "own", outs: { size: size * factor } }) };
            class Own extends pulumi.dynamic.Resource {}
            new Own(provider, "own", { size: 2 }).id.apply(() => console.log(${loaded}));`);
        expect(messages).to.include("typescript");
        expect(stack.resource("own")?.outputs?.size).to.equal(6);
    });

    it("is loaded when the packages are asked for that a function needs", async () => {
        const messages = await messagesOf(`
            require("node:fs").writeFileSync("package.json", '{ "name": "items", "dependencies": { "semver": "*" } }');
            pulumi.runtime.computeCodePaths().then((paths) => console.log([...paths.keys()].join(), ${loaded}));`);
        expect(messages).to.include("node_modules/semver @npmcli/arborist");
    });
});
