import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ItemStack } from "../stacks/item-stack";

describe("a stack's state outside the engine", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    beforeEach(async () => {
        stack = await ItemStack.items(
            'new Item("a", { key: "a", token: pulumi.secret("hush") }); new Item("b", { key: "b" }, { protect: true });',
        );
        await stack.up();
    });
    afterEach(() => stack.remove());

    it("is exported and imported with encrypted secrets and without pending operations", async () => {
        const file = join(stack.folder, "state.json");
        expect((await stack.command("stack", "export", "--stack", "dev", "--file", file)).status).to.equal(0);
        expect(readFileSync(file, "utf8")).to.not.contain("hush");
        const exported = JSON.parse(readFileSync(file, "utf8"));
        const [, , resource] = exported.deployment.resources;
        exported.deployment.pending_operations = [
            { type: "creating", resource: { ...resource, urn: `${resource.urn}2` } },
        ];
        writeFileSync(file, JSON.stringify(exported));
        const imported = await stack.command("stack", "import", "--stack", "dev", "--file", file);
        expect(imported.status, imported.stderr).to.equal(0);
        expect(imported.stdout).to.contain("Import complete.");
        expect(imported.stderr).to.contain("removing pending operation 'creating'");
        expect((await stack.run("up")).steps).to.deep.equal([]);
        const shown = await stack.command("stack", "export", "--stack", "dev", "--show-secrets");
        expect(shown.stdout).to.contain("hush");
    });

    it("rejects the state of another stack unless forced, and one that contradicts itself in any case", async () => {
        const { deployment } = JSON.parse((await stack.command("stack", "export", "--stack", "dev")).stdout);
        const put = async (change: (urn: string) => string, ...flags: string[]) => {
            const file = join(stack.folder, "foreign.json");
            const text = JSON.stringify({ version: 3, deployment }).replaceAll(/urn:pulumi:[^"]*/g, change);
            writeFileSync(file, text);
            return await stack.command("stack", "import", "--stack", "dev", "--file", file, ...flags);
        };
        let counter = 0;
        const next = (): string => {
            counter += 1;
            return `::gone-${counter}`;
        };
        const foreign = await put((urn) => urn.replace(":dev::", ":other::"));
        expect(foreign.status).to.equal(1);
        expect(foreign.stderr).to.contain("belongs to another stack").and.to.contain("--force");
        const broken = await put(
            (urn) => (urn.endsWith("::a") ? urn : urn.replace("::items-dev", "::gone")),
            "--force",
        );
        expect(broken.status, "the stack's own URN and every reference to it change together").to.equal(0);
        const dangling = await put((urn) => urn.replace(/::items-dev$/, next), "--force");
        expect(dangling.status).to.equal(1);
        expect(dangling.stderr).to.contain("contradicts itself");
    });

    it("leaves a history and a backup for each operation, and none for a preview", async () => {
        const list = (kind: string): string[] =>
            readdirSync(join(stack.state, ".pulumi", kind, "items", "dev")).filter((name) => !name.endsWith(".attrs"));
        await stack.run("preview");
        expect(list("backups")).to.have.lengthOf(1);
        stack.declare('new Item("b", { key: "b", size: 2, fail: "update" }, { protect: true });');
        expect((await stack.run("up")).result.succeeded).to.equal(false);
        expect(list("backups")).to.have.lengthOf(2);
        const entries = list("history")
            .filter((name) => name.endsWith(".history.json"))
            .sort()
            .map((name) =>
                JSON.parse(readFileSync(join(stack.state, ".pulumi", "history", "items", "dev", name), "utf8")),
            );
        expect(entries.map(({ kind, result }) => [kind, result])).to.deep.equal([
            ["update", "succeeded"],
            ["update", "failed"],
        ]);
        expect(JSON.stringify(entries)).to.not.contain("hush");
    });

    it("is freed from an abandoned lock by `cancel`, after a confirmation", async () => {
        const folder = join(stack.state, ".pulumi", "locks", "organization", "items", "dev");
        mkdirSync(folder, { recursive: true });
        writeFileSync(
            join(folder, "5d3cbb4e-0000-4000-8000-000000000000.json"),
            JSON.stringify({ pid: 1, username: "somebody", hostname: "elsewhere", timestamp: "2026-01-01T00:00:00Z" }),
        );
        const refused = await stack.command("up", "--yes", "--skip-preview", "--stack", "dev");
        expect(refused.status).to.equal(1);
        expect(refused.stderr).to.contain("somebody@elsewhere").and.to.contain("cancel");
        expect((await stack.command("cancel", "dev")).stderr).to.contain("non-interactive mode requires --yes flag");
        expect((await stack.command("cancel", "dev", "--yes")).status).to.equal(0);
        expect((await stack.command("up", "--yes", "--skip-preview", "--stack", "dev")).status).to.equal(0);
    });

    it("is destroyed except for protected resources, then completely, with the stack", async () => {
        const kept = await stack.command("destroy", "--yes", "--skip-preview", "--stack", "dev", "--exclude-protected");
        expect(kept.status, kept.stderr).to.equal(0);
        expect(kept.stdout).to.contain("All unprotected resources were destroyed.");
        expect(Object.keys(stack.live)).to.deep.equal(["b"]);
        const none = await stack.command("destroy", "--yes", "--skip-preview", "--stack", "dev", "--exclude-protected");
        expect(none.stdout).to.contain("There were no unprotected resources to destroy.");
        stack.declare('new Item("b", { key: "b" });');
        expect((await stack.command("up", "--yes", "--skip-preview", "--stack", "dev")).status).to.equal(0);
        const all = await stack.command("destroy", "--yes", "--skip-preview", "--stack", "dev", "--remove");
        expect(all.status, all.stderr).to.equal(0);
        expect(stack.live).to.deep.equal({});
        expect(existsSync(join(stack.state, ".pulumi", "stacks", "items", "dev.json"))).to.equal(false);
    });
});
