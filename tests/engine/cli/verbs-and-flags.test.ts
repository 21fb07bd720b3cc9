import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pulumiEmbedded } from "../../../lib/cli/pulumi-embedded-command";
import { type CommandResult, run } from "../../cli/in-process";
import { ItemStack } from "../../stacks/item-stack";

describe("the commands and flags of pulumi-embedded", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    before(async () => {
        stack = await ItemStack.items(
            'const a = new Item("a", { key: "a", token: pulumi.secret("hush") }); exports.key = a.key;',
        );
        stack.engine().selectStack("dev");
    });
    after(() => stack.remove());

    const call = async (...args: string[]): Promise<CommandResult> =>
        await run(pulumiEmbedded, args, { cwd: stack.folder, env: stack.environment });
    const printed = async (...args: string[]): Promise<string> => {
        const { status, stdout, stderr } = await call(...args);
        expect(status, `${args.join(" ")}: ${stderr}`).to.equal(0);
        return stdout;
    };
    const settings = (): string => readFileSync(join(stack.folder, "Pulumi.dev.yaml"), "utf8");

    it("prints the version of the CLI that it behaves like, the user and the backend", async () => {
        expect(await printed("version")).to.equal("v3.247.0\n");
        expect(await printed("whoami")).to.equal(`${userInfo().username}\n`);
        const { user, organizations, url } = JSON.parse(await printed("whoami", "--json"));
        expect({ user, organizations, url }).to.deep.equal({
            user: userInfo().username,
            organizations: ["organization"],
            url: `file://${stack.state}`,
        });
    });

    it("sets configuration of a type, and rejects values of other types", async () => {
        const typed: [type: string, value: string, written: string][] = [
            ["int", "1000000000000002", "1000000000000002"],
            ["int", "-9223372036854775808", "-9223372036854775808"],
            ["bool", "TRUE", "true"],
            ["float", "1.50", "1.5"],
            ["string", "12", '"12"'],
        ];
        for (const [type, value, written] of typed) {
            await printed("config", "set", "typed", "--type", type, "--", value);
            expect(settings(), `${type} ${value}`).to.match(new RegExp(`^ {2}items:typed: ${written}$`, "m"));
        }
        await printed("config", "set", "--path", "tree.id", "--type", "string", "12");
        expect(settings()).to.contain('items:tree:\n    id: "12"\n');
        for (const [type, value] of [
            ["int", "1.5"],
            ["int", "x"],
            ["int", "9223372036854775808"],
            ["bool", "yes"],
            ["float", "1,5"],
            ["float", ""],
        ]) {
            const { status, stderr } = await call(
                "config",
                "set",
                "typed",
                "--type",
                type as string,
                "--",
                value as string,
            );
            expect(status, `${type} ${value}`).to.equal(64);
            expect(stderr).to.contain(`not of the type ${type}`);
        }
        expect((await call("config", "set", "typed", "x", "--type", "text")).status).to.equal(64);
        expect((await call("config", "set", "typed", "x", "--type", "string", "--secret")).status).to.equal(64);
        for (const key of ["typed", "tree"]) await printed("config", "rm", key);
    });

    it("rejects a position far after the end of a list at once", async () => {
        for (const path of ["a[30000000]", "a[1000]", "a.b[99999999999]"]) {
            const { status, stderr } = await call("config", "set", "--path", path, "x");
            expect(status, path).to.equal(64);
            expect(stderr, path).to.contain("cannot begin with element");
        }
    });

    it("sets several values at once, or none", async () => {
        await printed("config", "set-all", "--plaintext", "one=1=1", "--secret", "two=hush");
        expect(JSON.parse(await printed("config", "--json", "--show-secrets"))).to.deep.equal({
            "items:one": { value: "1=1", secret: false },
            "items:two": { value: "hush", secret: true },
        });
        const before = settings();
        expect((await call("config", "set-all", "--plaintext", "three=3", "--plaintext", "a:b:c:d=4")).status).to.equal(
            64,
        );
        expect((await call("config", "set-all", "--plaintext", "three")).status).to.equal(64);
        expect(settings()).to.equal(before);
        for (const key of ["one", "two"]) await printed("config", "remove", key);
    });

    it("logs events, keeps the message, and shows unchanged resources and secrets on request", async () => {
        const log = join(stack.folder, "events.json");
        const shown = await printed(
            "up",
            "--yes",
            "--skip-preview",
            "--message",
            "for the test",
            "--event-log",
            log,
            "--show-secrets",
            "--diff",
        );
        expect(shown).to.match(/token *: "hush"/);
        const events = readFileSync(log, "utf8")
            .trim()
            .split("\n")
            .map((line) => Object.keys(JSON.parse(line))[2]);
        expect(events).to.include.members([
            "preludeEvent",
            "resourcePreEvent",
            "resOutputsEvent",
            "summaryEvent",
            "cancelEvent",
        ]);
        expect(statSync(log).mode & 0o777).to.equal(0o600);
        const [last] = JSON.parse(await printed("stack", "history", "--json", "--page-size", "1"));
        expect(last).to.deep.include({
            version: 1,
            kind: "update",
            message: "for the test",
            result: "succeeded",
            resourceChanges: { create: 2 },
        });
        expect(await printed("stack", "history")).to.contain("Message: for the test");
        expect(await printed("preview")).to.not.contain("Item a");
        expect(await printed("preview", "--show-sames"))
            .to.contain("Item a same")
            .and.to.not.contain("hush");
        const document = JSON.parse(await printed("preview", "--json", "--show-sames"));
        expect(
            document.steps.map(({ op, urn }: { op: string; urn: string }) => `${op} ${urn.split("::").at(-1)}`),
        ).to.deep.equal(["same items-dev", "same a"]);
    });

    it("rejects missing commands and flags by name", async () => {
        for (const flag of [
            "--save-plan=plan.json",
            "--plan=plan.json",
            "--client=127.0.0.1:1",
            "--attach-debugger",
            "--remote",
        ]) {
            const { status, stderr } = await call("preview", flag);
            expect(status, flag).to.equal(64);
            expect(stderr).to.contain(flag.split("=")[0]).and.to.contain("use the pulumi CLI");
        }
        for (const verb of ["console", "watch", "state", "login"]) {
            const { status, stderr } = await call(verb);
            expect(status, verb).to.equal(64);
            expect(stderr).to.contain(verb).and.to.contain("use the pulumi CLI");
        }
    });

    it("reports a missing output and a state that cannot be imported with a fitting cure", async () => {
        const output = await call("stack", "output", "nothing");
        expect(output.status).to.equal(1);
        expect(output.stderr).to.contain("List the outputs").and.to.not.contain("stack init");
        const file = join(stack.folder, "broken.json");
        const texts = [
            "{",
            "[]",
            '{"version":3}',
            '{"version":3,"deployment":{"manifest":{"time":"","magic":"","version":""},"resources":[{"urn":"u","type":7}]}}',
        ];
        for (const text of texts) {
            writeFileSync(file, text);
            const imported = await call("stack", "import", "--file", file);
            expect(imported.status, text).to.equal(1);
            expect(imported.stderr, text).to.contain("the stack's state is unchanged").and.to.not.contain("backups");
        }
        const tag = "4dabf18193072939515e22adb298388d";
        const values = {
            "a secret that is no JSON": `{"${tag}":"1b47061264138c4ac30d75fd1eb44270","plaintext":"{"}`,
            "a number of no bytes": `{"${tag}":"8ad145fe-0d11-4827-bfd7-1abcbf086f5c","value":5}`,
        };
        for (const [title, value] of Object.entries(values)) {
            const resource = `{"urn":"urn:pulumi:dev::items::a:b:C::x","type":"a:b:C","custom":false,"inputs":{"value":${value}}}`;
            const manifest = '{"time":"","magic":"","version":""}';
            writeFileSync(file, `{"version":3,"deployment":{"manifest":${manifest},"resources":[${resource}]}}`);
            const imported = await call("stack", "import", "--file", file);
            expect(imported.status, title).to.equal(1);
            expect(imported.stderr, title).to.contain("cannot be read (resource urn:pulumi:dev::items::a:b:C::x)");
            expect(imported.stderr, title).to.contain("the stack's state is unchanged");
        }
        writeFileSync(file, `${"[".repeat(100_000)}${"]".repeat(100_000)}`);
        const deep = await call("stack", "import", "--file", file);
        expect(deep.status).to.equal(1);
        expect(deep.stderr).to.equal(
            "error: The state to import cannot be read: its values are nested too deeply. Import a file that `stack export` wrote for this stack; the stack's state is unchanged.\n",
        );
        const missing = await call("stack", "import", "--file", join(stack.folder, "none.json"));
        expect(missing.stderr).to.contain("ENOENT").and.to.contain("none.json");
    });

    it("ends each error with a cure that fits the case", async () => {
        const cases: [args: string[], cure: string][] = [
            [["stack", "output", "nothing"], "List the outputs"],
            [["stack", "init", ".."], "Pass a name such as dev"],
            [["stack", "init", "--", "--yes"], "Pass a name such as dev"],
            [["stack", "init", "organization/other/dev"], "name the stack alone"],
            [["stack", "select"], "Pass it after the command"],
            [["stack", "select", "none"], "Create it with"],
            [["config", "get", "none"], "List the keys"],
            [["config", "rm", "none"], "List the keys"],
            [["config", "set", "--path", "a[", "x"], "A path is like"],
            [["config", "set", "a", "x", "--type", "int"], "Pass a value of this type"],
            [["preview", "--policy-pack-config", "x.json"], "Pass one --policy-pack for each"],
            [["destroy", "--yes", "--exclude-protected", "--target", "x"], "Pass one of the two"],
            [["preview", "--cwd", "/nowhere"], "Name an existing folder"],
            [["destroy", "--yes", "--target", "urn:pulumi:dev::items::a:b:C::none"], "Copy the URN"],
        ];
        for (const [args, cure] of cases) {
            const { status, stderr } = await call(...args);
            expect(status, args.join(" ")).to.be.greaterThan(0);
            expect(stderr, args.join(" ")).to.contain(cure);
            expect(stderr, args.join(" ")).to.not.match(/ at .*\.[jt]s:/);
        }
    });

    it("renames a stack with its state, settings, history and backups, and the next preview has no changes", async () => {
        await printed("config", "set", "kept", "yes");
        expect((await call("stack", "rename", "..")).status).to.equal(64);
        expect(await printed("stack", "rename", "prod")).to.contain("prod");
        expect(JSON.parse(await printed("stack", "ls", "--json")))
            .to.have.lengthOf(1)
            .and.to.have.nested.property("[0].name", "prod");
        expect(existsSync(join(stack.folder, "Pulumi.dev.yaml"))).to.equal(false);
        expect(await printed("config", "get", "kept")).to.equal("yes\n");
        const state = await printed("stack", "export");
        expect(state)
            .to.contain("::items-prod")
            .and.to.not.match(/:dev::|items-dev/);
        for (const kind of ["history", "backups"]) {
            const names = readdirSync(join(stack.state, ".pulumi", kind, "items", "prod"));
            expect(names.length, kind).to.be.greaterThan(0);
            expect(names.every((name) => name.startsWith("prod"))).to.equal(true);
        }
        expect(JSON.parse(await printed("stack", "history", "--json"))).to.have.lengthOf(1);
        const preview = JSON.parse(await printed("preview", "--json"));
        expect(preview.changeSummary).to.deep.equal({ same: 2 });
        await printed("stack", "init", "other", "--no-select");
        expect((await call("stack", "rename", "other")).stderr).to.contain("already exists");
        expect(await printed("stack", "rename", "dev")).to.contain("dev");
    });
});
