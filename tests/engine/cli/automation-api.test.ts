import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type EngineEvent, LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { pulumiEmbedded } from "../../../lib/cli/pulumi-embedded-command";
import { run } from "../../cli/in-process";
import { ItemStack } from "../../stacks/item-stack";

/** Pulumi's own Automation API, with `pulumi-embedded` as its command. */
describe("the Automation API with pulumi-embedded", function () {
    this.timeout(120_000);
    let place: ItemStack;
    let stack: Stack;
    before(async () => {
        place = new ItemStack("items");
        place.declare(
            'const a = new Item("a", { key: "a", token: pulumi.secret("hush") }); exports.key = a.key; exports.token = a.token;',
        );
        // The API runs `bin/pulumi` below the folder that it is given.
        mkdirSync(join(place.folder, "bin"));
        const file = join(place.folder, "bin", "pulumi");
        writeFileSync(
            file,
            `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli/pulumi-embedded.js")}" "$@"\n`,
            { mode: 0o755 },
        );
        const pulumiCommand = await PulumiCommand.get({ root: place.folder });
        // What the API's own run does, in this process.
        const { createCommandError } = require("@pulumi/pulumi/automation/errors");
        Object.assign(pulumiCommand, {
            run: async (args: string[], cwd: string, env: NodeJS.ProcessEnv) => {
                const given = args.includes("--non-interactive") ? args : [...args, "--non-interactive"];
                const { status, stdout, stderr } = await run(pulumiEmbedded, given, { cwd, env });
                const result = { stdout, stderr, code: status, toString: () => stderr };
                if (status !== 0) throw createCommandError(result);
                return result;
            },
        });
        const workspace = await LocalWorkspace.create({
            workDir: place.folder,
            pulumiCommand,
            envVars: place.environment as Record<string, string>,
        });
        const { Stack } = require("@pulumi/pulumi/automation") as typeof import("@pulumi/pulumi/automation");
        stack = await Stack.createOrSelect("dev", workspace);
    });
    after(() => place.remove());

    it("sets and reads configuration", async () => {
        await stack.setConfig("one", { value: "1" });
        await stack.setAllConfig({ two: { value: "2" }, three: { value: "hush", secret: true } });
        expect(await stack.getConfig("three")).to.deep.equal({ value: "hush", secret: true });
        expect(await stack.getAllConfig()).to.deep.equal({
            "items:one": { value: "1", secret: false },
            "items:two": { value: "2", secret: false },
            "items:three": { value: "hush", secret: true },
        });
        await stack.removeConfig("one");
        await stack.removeAllConfig(["two", "three"]);
        expect(await stack.getAllConfig()).to.deep.equal({});
    });

    it("previews, deploys, refreshes and reports events, outputs and history", async () => {
        const events: EngineEvent[] = [];
        const preview = await stack.preview({ onEvent: (event) => void events.push(event), diff: true });
        expect(preview.changeSummary).to.deep.equal({ create: 2 });
        expect(events.at(-1)).to.have.property("cancelEvent");
        const up = await stack.up({ message: "from a test", parallel: 2, continueOnError: true, color: "never" });
        expect(up.summary).to.deep.include({
            kind: "update",
            message: "from a test",
            result: "succeeded",
            resourceChanges: { create: 2 },
        });
        expect(up.outputs).to.deep.equal({
            key: { value: "a", secret: false },
            token: { value: "hush", secret: true },
        });
        expect((await stack.refresh({ expectNoChanges: true })).summary).to.deep.include({
            kind: "refresh",
            result: "succeeded",
        });
        expect((await stack.history()).map(({ kind }) => kind)).to.deep.equal(["refresh", "update"]);
    });

    it("exports and imports the state, names the user, renames and lists stacks", async () => {
        const state = await stack.exportStack();
        await stack.importStack(state);
        expect((await stack.workspace.whoAmI()).user)
            .to.be.a("string")
            .and.to.not.equal("");
        await stack.rename({ stackName: "prod" });
        expect((await stack.workspace.listStacks()).map(({ name }) => name)).to.deep.equal(["prod"]);
        await stack.workspace.selectStack("prod");
    });

    it("destroys and removes the stack", async () => {
        const { Stack } = require("@pulumi/pulumi/automation") as typeof import("@pulumi/pulumi/automation");
        const renamed = await Stack.select("prod", stack.workspace);
        expect((await renamed.destroy()).summary).to.deep.include({ kind: "destroy", resourceChanges: { delete: 2 } });
        await renamed.workspace.removeStack("prod", { preserveConfig: false });
        expect(await renamed.workspace.listStacks()).to.deep.equal([]);
    });

    it("rejects by name what pulumi-embedded does not have", async () => {
        const { Stack } = require("@pulumi/pulumi/automation") as typeof import("@pulumi/pulumi/automation");
        const other = await Stack.createOrSelect("other", stack.workspace);
        for (const [call, named] of [
            [() => other.up({ program: async () => ({}) }), "--client"],
            [() => other.preview({ plan: join(place.folder, "plan.json") }), "--save-plan"],
            [() => other.setTag("a", "b"), "tag"],
            [() => other.workspace.installPlugin("random", "v4.0.0"), "plugin"],
        ] as const) {
            const error = await (call() as Promise<unknown>).catch((reason: Error) => reason);
            expect(error, named)
                .to.be.an("error")
                .with.property("message")
                .that.contains(named)
                .and.contains("use the pulumi CLI");
        }
    });
});
