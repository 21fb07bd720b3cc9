import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ItemStack } from "../../stacks/item-stack";

describe("the command pulumi-embedded", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    beforeEach(async () => {
        stack = await ItemStack.items(
            'new Item("a", { key: "a", size: 1 }); exports.name = "shop"; exports.token = pulumi.secret("hush");',
        );
    });
    afterEach(() => stack.remove());

    it("previews and deploys, shows outputs, and fails for unexpected changes", async () => {
        const up = await stack.command("up", "--yes", "--color", "never");
        expect(up.status, up.stderr).to.equal(0);
        expect(up.stdout)
            .to.contain("Previewing update (dev):")
            .and.to.contain("+ 2 to create")
            .and.to.contain("Updating (dev):")
            .and.to.contain("+ 2 created");
        expect(up.stdout).to.contain('+ name : "shop"').and.to.contain("+ token: [secret]");
        expect((await stack.command("preview", "--expect-no-changes")).status).to.equal(0);
        stack.declare('new Item("a", { key: "a", size: 2 });');
        const changed = await stack.command("preview", "--expect-no-changes");
        expect(changed.stdout).to.contain("pulumi-nodejs:dynamic/items:Item a update [diff: ~size]");
        expect(changed.stderr).to.contain("no changes were expected for preview but changes were proposed");
        expect(changed.status).to.equal(7);
        expect((await stack.command("stack", "output", "name")).stdout).to.equal("shop\n");
        expect(JSON.parse((await stack.command("stack", "output", "--json")).stdout)).to.deep.equal({
            name: "shop",
            token: "[secret]",
        });
        expect(JSON.parse((await stack.command("stack", "output", "--json", "--show-secrets")).stdout)).to.include({
            token: "hush",
        });
        const exported = JSON.parse((await stack.command("stack", "export")).stdout);
        expect(exported.deployment.resources).to.have.lengthOf(3);
        expect(JSON.stringify(exported)).to.not.contain("hush");
        expect((await stack.command("stack", "export", "--show-secrets")).stdout).to.contain("hush");
    });

    it("requires --yes without a terminal", async () => {
        for (const verb of ["up", "destroy", "refresh"]) {
            const refused = await stack.command(verb);
            expect(refused.status, verb).to.equal(64);
            expect(refused.stderr).to.contain("--yes or --skip-preview or --preview-only must be passed in");
        }
        expect((await stack.command("stack", "rm", "dev")).status).to.equal(64);
    });

    it("manages stacks and their selection", async () => {
        expect((await stack.command("stack", "init", "prod")).stdout).to.contain("Created stack 'prod'");
        expect(await stack.command("stack", "init", "prod")).to.deep.include({ status: 1 });
        expect(
            JSON.parse((await stack.command("stack", "ls", "--json")).stdout).map(
                ({ name, current }: { name: string; current: boolean }) => [name, current],
            ),
        ).to.deep.equal([
            ["dev", false],
            ["prod", true],
        ]);
        expect((await stack.command("stack", "select", "dev")).status).to.equal(0);
        expect(await stack.command("stack", "select", "none")).to.include({ status: 6 });
        expect((await stack.command("preview", "--stack", "none")).status).to.equal(6);
        expect((await stack.command("stack", "rm", "prod", "--yes")).stdout).to.contain("'prod' has been removed");
        expect((await stack.command("up", "--yes", "--skip-preview")).status).to.equal(0);
        for (const confirmation of [["--yes"], []]) {
            const rejected = await stack.command("stack", "rm", "dev", ...confirmation);
            expect(rejected.status).to.equal(1);
            expect(rejected.stderr).to.contain("still has resources");
        }
    });

    it("sets, gets and removes configuration, secrets included", async () => {
        expect((await stack.command("config", "set", "region", "here")).status).to.equal(0);
        expect((await stack.command("config", "set", "--secret", "other:password", "hush")).status).to.equal(0);
        expect((await stack.command("config", "get", "region")).stdout).to.equal("here\n");
        expect((await stack.command("config", "get", "other:password")).stdout).to.equal("hush\n");
        const text = readFileSync(join(stack.folder, "Pulumi.dev.yaml"), "utf8");
        expect(text)
            .to.contain("items:region: here")
            .and.to.match(/other:password:\n\s+secure: v1:/)
            .and.not.to.contain("hush");
        expect((await stack.command("config", "rm", "region")).status).to.equal(0);
        const missing = await stack.command("config", "get", "region");
        expect(missing.status).to.equal(1);
        expect(missing.stderr).to.contain("configuration key 'region' not found");
    });

    it("rejects unsupported flags, backends and runtimes, and refers to the CLI", async () => {
        const flag = await stack.command("up", "--yes", "--run-program");
        expect(flag.status).to.equal(64);
        expect(flag.stderr).to.contain("--run-program").and.to.contain("pulumi CLI");
        stack.environment.PULUMI_BACKEND_URL = "https://api.pulumi.com";
        expect((await stack.command("preview")).stderr)
            .to.contain("https://api.pulumi.com")
            .and.to.contain("pulumi CLI");
        stack.environment.PULUMI_BACKEND_URL = `file://${stack.state}`;
        writeFileSync(join(stack.folder, "Pulumi.yaml"), "name: items\nruntime: python\n");
        const runtime = await stack.command("preview");
        expect(runtime.stderr).to.contain('The runtime "python"');
        expect(runtime.stderr).to.not.match(/\n\s+at /);
    });

    it("shows an example in the help of every command", async () => {
        for (const command of [
            [],
            ["up"],
            ["preview"],
            ["refresh"],
            ["destroy"],
            ["stack"],
            ["stack", "output"],
            ["config"],
            ["config", "set"],
        ]) {
            const help = await stack.command(...command, "--help");
            expect(help.status).to.equal(0);
            expect(help.stdout, command.join(" ")).to.contain("Example:\n  $ pulumi-embedded");
        }
    });
});
