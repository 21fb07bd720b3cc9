import { readFileSync } from "node:fs";
import { expect } from "chai";
import { ItemStack } from "../stacks/item-stack";

describe("a stack with secrets", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    afterEach(() => stack.remove());

    it("keeps secret inputs, outputs and configuration out of the state, and gives them to program and provider", async () => {
        stack = await ItemStack.items(
            'const config = new pulumi.Config(); const a = new Item("a", { key: "a", password: config.requireSecret("password"), nested: { deep: pulumi.secret("hush-nested"), open: 1 } }, { additionalSecretOutputs: ["made"] }); new Item("b", { key: "b", of: a.made }); exports.password = a.password; exports.made = a.made;',
        );
        await stack.engine().setConfig("password", "hush-password", true);
        await stack.engine().setConfig("region", "here", false);
        const preview = await stack.run("preview");
        expect(preview.result.succeeded).to.equal(true);
        await stack.up();
        expect(stack.live.a).to.deep.equal({
            key: "a",
            password: "hush-password",
            nested: { deep: "hush-nested", open: 1 },
        });
        expect(stack.live.b).to.deep.equal({ key: "b", of: "made-a" });
        const state = readFileSync(stack.checkpointFile, "utf8");
        expect(state).to.not.match(/hush|made-a"/);
        expect(stack.resource("a")?.outputs).to.include({ region: "here" });
        expect(await stack.engine().outputs()).to.deep.equal({ password: "[secret]", made: "[secret]" });
        expect(await stack.engine().outputs(true)).to.deep.equal({ password: "hush-password", made: "made-a" });
        expect((await stack.up()).result.changes).to.deep.equal({ same: 3 });
    });

    it("gives a changed configuration to the provider, and counts no change for it", async () => {
        stack = await ItemStack.items('new Item("a", { key: "a" });');
        await stack.up();
        const id = stack.resource("default")?.id;
        await stack.engine().setConfig("region", "elsewhere", false);
        stack.declare('new Item("a", { key: "a", size: 2 });');
        expect((await stack.up()).result.changes).to.deep.equal({ same: 1, update: 1 });
        expect(stack.resource("default")).to.deep.include({ id, inputs: { "items:region": "elsewhere" } });
        expect(stack.resource("a")?.outputs).to.include({ region: "elsewhere" });
    });

    it("rejects a wrong and a missing passphrase before anything runs", async () => {
        stack = await ItemStack.items('new Item("a", { key: "a" });');
        stack.environment.PULUMI_CONFIG_PASSPHRASE = "wrong";
        const wrong = await stack.run("up").then(
            () => undefined,
            (error: Error) => error,
        );
        expect(wrong?.message).to.contain("incorrect passphrase");
        delete stack.environment.PULUMI_CONFIG_PASSPHRASE;
        const none = await stack.run("up").then(
            () => undefined,
            (error: Error) => error,
        );
        expect(none?.message).to.contain("PULUMI_CONFIG_PASSPHRASE");
        expect(stack.live).to.deep.equal({});
    });

    it("rejects a wrong passphrase also where nothing would change", async () => {
        stack = await ItemStack.items('new Item("a", { key: "a" });');
        await stack.up();
        const before = stack.live;
        stack.environment.PULUMI_CONFIG_PASSPHRASE = "wrong";
        for (const verb of ["preview", "up", "refresh", "destroy"] as const) {
            const refused = await stack.run(verb).then(
                () => undefined,
                (error: Error) => error,
            );
            expect(refused?.message, verb).to.contain("incorrect passphrase");
        }
        expect(stack.live).to.deep.equal(before);
    });
});
