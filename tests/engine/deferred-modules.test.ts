import { expect } from "chai";
import { ItemStack } from "../stacks/item-stack";

/** Which of the modules a process has loaded. */
const loaded = `[...new Set(Object.keys(require.cache).map((file) =>
    /node_modules.(typescript|@npmcli.arborist|normalize-package-data|fdir|execa|tmp|js-yaml|semver|@opentelemetry.(?!api).*?|@pulumi.pulumi.(?:automation|provider))./.exec(file)?.[1]).filter(Boolean))].sort().join(" and ") || "none of them"`;

describe("the modules that the SDK needs for tasks that few programs have", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    const messagesOf = async (body: string): Promise<readonly string[]> => {
        stack = await ItemStack.items(body);
        stack.inProcess = false;
        return (await stack.up()).messages.map((message) => message.trim());
    };
    afterEach(() => stack.remove());

    it("are not loaded for a program without such a task", async () => {
        expect(await messagesOf(`new Item("a", { key: "a" }); console.log(${loaded});`)).to.include("none of them");
    });

    it("are loaded to serialize a provider's functions", async () => {
        const messages = await messagesOf(`
            const factor = 3;
            const provider = { create: async ({ size }) => ({ id: "own", outs: { size: size * factor } }) };
            class Own extends pulumi.dynamic.Resource {}
            new Own(provider, "own", { size: 2 }).id.apply(() => console.log(${loaded}));`);
        expect(messages).to.include("semver and typescript");
        expect(stack.resource("own")?.outputs?.size).to.equal(6);
    });

    it("are loaded to find the packages that a function needs", async () => {
        const messages = await messagesOf(`
            require("node:fs").writeFileSync(__dirname + "/package.json", '{ "name": "items", "dependencies": { "semver": "*" } }');
            pulumi.runtime.computeCodePaths().then((paths) => console.log([...paths.keys()].join(), ${loaded}));`);
        expect(messages).to.include("node_modules/semver @npmcli/arborist and normalize-package-data and semver");
    });

    it("are loaded to list what a part of the SDK has", async () => {
        const messages = await messagesOf(`
            const { main } = { ...pulumi.provider };
            console.log(typeof main, "main" in pulumi.provider, Object.keys(pulumi.provider).includes("main"), ${loaded});`);
        expect(messages).to.include("function true true @pulumi/pulumi/provider");
    });

    it("are loaded to read settings by the Automation API", async () => {
        const messages = await messagesOf(`
            const { LocalWorkspace } = pulumi.automation;
            const command = { version: null, run: async () => ({ stdout: "" }) };
            require("node:fs").writeFileSync(__dirname + "/Pulumi.dev.yaml", "config: { a:b: c }");
            LocalWorkspace.create({ workDir: __dirname, pulumiCommand: command })
                .then((workspace) => workspace.stackSettings("dev"))
                .then(({ config }) => console.log(JSON.stringify(config), ${loaded}));`);
        expect(messages).to.include('{"a:b":"c"} @pulumi/pulumi/automation and execa and js-yaml and semver and tmp');
    });
});
