import { cpSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import type { EngineEvent, EngineListener, Violation } from "../../lib/engine";
import { PreviewJson } from "../../lib/engine/display/preview-json";
import { readPolicyConfig } from "../../lib/engine/policy/policy-config";
import { ItemStack } from "../stacks/item-stack";

describe("policy packs", function () {
    this.timeout(120_000);
    let stack: ItemStack;
    let folder: string;
    const begin = async (body: string): Promise<void> => {
        stack = await ItemStack.items(body);
        folder = join(stack.folder, "policies");
        cpSync(resolve("tests/engine/policies"), folder, { recursive: true });
    };
    const run = async (verb: "preview" | "up", config?: object, watch: EngineListener = () => {}) => {
        const violations: Violation[] = [];
        const file = join(stack.folder, "policy-config.json");
        if (config !== undefined) writeFileSync(file, JSON.stringify(config));
        const result = await stack.engine()[verb]({
            policyPacks: [{ folder, config: config === undefined ? undefined : readPolicyConfig(file) }],
            listener: (event: EngineEvent) => {
                watch(event);
                if (event.kind === "violation") violations.push(event.violation);
            },
        });
        return { result, violations };
    };
    afterEach(() => stack.remove());

    it("report an advisory finding and deploy the resource", async () => {
        await begin('new Item("a", { key: "a", size: 1, color: "red" });');
        const { result, violations } = await run("up");
        expect(result.succeeded).to.equal(true);
        expect(violations.map(({ policy, level, message }) => ({ policy, level, message }))).to.deep.equal([
            { policy: "small-is-odd", level: "advisory", message: "Sizes below ten are odd.\nsize 1 is small" },
        ]);
        expect(stack.live).to.deep.equal({ a: { key: "a", size: 1, color: "red" } });
    });

    it("fail a preview and an up for a mandatory finding, and create nothing", async () => {
        await begin('new Item("a", { key: "a", size: 1000, color: "red" });');
        const document = new PreviewJson();
        const preview = await run("preview", undefined, document.listener);
        expect(preview.result.succeeded).to.equal(false);
        expect(preview.result.changes).to.deep.equal({ create: 2 });
        const finding =
            "[mandatory] sizes@v1.2.3 not-too-large (pulumi-nodejs:dynamic/items:Item: a): Sizes have a limit.\na is larger than 100";
        expect(preview.result.messages).to.deep.equal([finding]);
        expect(JSON.parse(document.text).diagnostics).to.deep.equal([
            {
                urn: "urn:pulumi:dev::items::pulumi-nodejs:dynamic/items:Item::a",
                message: `error: ${finding}\n`,
                severity: "error",
            },
            { message: "error: preview failed\n", severity: "error" },
        ]);
        const up = await run("up");
        expect(up.result.succeeded).to.equal(false);
        expect(up.violations.map(({ policy, level }) => `${level} ${policy}`)).to.deep.equal([
            "mandatory not-too-large",
        ]);
        expect(stack.live).to.deep.equal({});
    });

    it("change the inputs of a resource", async () => {
        await begin('new Item("a", { key: "a", size: 50 });');
        expect((await run("up")).result.succeeded).to.equal(true);
        expect(stack.live).to.deep.equal({ a: { key: "a", size: 50, color: "grey" } });
        expect((await run("up")).result.changes).to.deep.equal({ same: 2 });
    });

    it("run after the provider's check, also on inputs that the check refused", async () => {
        await begin('new Item("a", { key: "mistaken", size: 50, color: "red" });');
        expect((await run("up")).result.succeeded).to.equal(true);
        expect(stack.live).to.deep.equal({ invalid: { key: "invalid", size: 50, color: "red" } });
        stack.declare('new Item("b", { key: "invalid", size: 1000, color: "red" });');
        const { result, violations } = await run("preview");
        expect(result.succeeded).to.equal(false);
        expect(violations.map(({ policy }) => policy)).to.deep.equal(["not-too-large"]);
    });

    it("fail the operation for a finding about the whole stack after the deployment", async () => {
        await begin('for (const key of ["a", "b", "c"]) new Item(key, { key, size: 50, color: "red" });');
        const { result, violations } = await run("up");
        expect(result.succeeded).to.equal(false);
        expect(violations.map(({ policy }) => policy)).to.deep.equal(["few"]);
        expect(Object.keys(stack.live).sort()).to.deep.equal(["a", "b", "c"]);
    });

    it("take levels and properties from a file", async () => {
        await begin('new Item("a", { key: "a", size: 1000 });');
        const config = { "not-too-large": { limit: 5000 }, "has-color": "disabled" };
        expect((await run("up", config)).result.succeeded).to.equal(true);
        expect(stack.live).to.deep.equal({ a: { key: "a", size: 1000 } });
        const advised = await run("up", { "not-too-large": "advisory", "has-color": "disabled" });
        expect(advised.result.succeeded).to.equal(true);
        expect(advised.violations.map(({ level }) => level)).to.deep.equal(["advisory"]);
    });

    it("show their findings on the command line, which fails", async () => {
        await begin('new Item("a", { key: "a", size: 1000, color: "red" });');
        const shown = await stack.command("up", "--yes", "--skip-preview", "--stack", "dev", "--policy-pack", folder);
        expect(shown.status).to.equal(1);
        expect(shown.stdout).to.contain("Policies:\n    ❌ sizes@v1.2.3 (local: ");
        expect(shown.stdout).to.contain(
            [
                "- [mandatory] [severity: high]  not-too-large  (pulumi-nodejs:dynamic/items:Item: a)",
                "          Sizes have a limit.",
                "          a is larger than 100\n",
            ].join("\n"),
        );
        expect(shown.stdout.match(/Sizes have a limit/g)).to.have.length(1);
        expect(shown.stdout).not.to.contain("Resources:");

        stack.environment.PULUMI_ENABLE_STREAMING_JSON_PREVIEW = "1";
        const preview = await stack.command("preview", "--json", "--stack", "dev", "--policy-pack", folder);
        expect(preview.status).to.equal(1);
        const events = preview.stdout
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line));
        const [{ policyEvent }, ...others] = events.filter((event) => event.policyEvent !== undefined);
        expect(others).to.deep.equal([]);
        expect(policyEvent).to.include({
            resourceUrn: "urn:pulumi:dev::items::pulumi-nodejs:dynamic/items:Item::a",
            policyName: "not-too-large",
            policyPackName: "sizes",
            enforcementLevel: "mandatory",
            message: "Sizes have a limit.\na is larger than 100",
        });
        expect(events.at(-2).summaryEvent.result).to.equal("failed");
    });

    it("show their changes in a diff, and count them elsewhere", async () => {
        await begin('new Item("a", { key: "a", size: 50 });');
        const preview = async (...flags: string[]): Promise<string> =>
            (await stack.command("preview", "--stack", "dev", "--policy-pack", folder, ...flags)).stdout;
        expect(await preview()).to.contain("        - [remediate]  has-color  (1 resource)\n");
        expect(await preview("--diff")).to.contain(
            "    sizes@v1.2.3 [remediate]  has-color  (pulumi-nodejs:dynamic/items:Item: a)\n      + color",
        );
    });

    it("rejects configuration of unknown policies or against their schemas, in the CLI's words", async () => {
        await begin('new Item("a", { key: "a", size: 1, color: "red" });');
        const messagesWith = async (config: object): Promise<string> => {
            const file = join(stack.folder, "policy-config.json");
            writeFileSync(file, JSON.stringify(config));
            const policyPacks = [{ folder, config: readPolicyConfig(file) }];
            return (await stack.run("up", { policyPacks })).messages.join("\n");
        };
        expect(await messagesWith({ "not-too-large": { limit: "5" } })).to.contain(
            "validating policy config: sizes 1.2.3  not-too-large: limit: Invalid type. Expected: number, given: string",
        );
        expect(await messagesWith({ nobody: { limit: 5 } })).to.contain(
            "names nobody, which the pack sizes does not have",
        );
        expect(stack.live).to.deep.equal({});
    });

    it("rejects a pack that does not start, and shows once what it printed, however much that is", async () => {
        await begin("");
        writeFileSync(
            join(folder, "index.js"),
            'for (let line = 1; line <= 30; line += 1) console.error("line " + line + ".");\nprocess.exit(3);\n',
        );
        const { status, output } = await stack.command("preview", "--stack", "dev", "--policy-pack", folder);
        expect(status).to.equal(1);
        expect(output).to.contain("The policy pack ended with exit code 3 before it listened; it printed:\n");
        const lines = [...output.matchAll(/\bline (\d+)\./g)].map(([, line]) => Number(line));
        expect(lines.sort((one, other) => one - other)).to.deep.equal(
            Array.from({ length: 30 }, (_, line) => line + 1),
        );
    });

    it("rejects a folder without a pack, and a pack whose file has another shape", async () => {
        await begin("");
        const failure = await stack.run("up", { policyPacks: [{ folder: stack.folder }] });
        expect(failure.result.succeeded).to.equal(false);
        expect(failure.messages.join("\n")).to.contain("The folder has no policy pack");
        for (const [text, fault] of [
            ["[]", "must be a map"],
            ["runtime: 7", '"runtime" must be'],
            ["version: 1.0.0", 'has no "runtime"'],
        ] as const) {
            writeFileSync(join(folder, "PulumiPolicy.yaml"), text);
            const { messages } = await stack.run("preview", { policyPacks: [{ folder }] });
            expect(messages.join("\n"), text).to.contain(fault).and.contain("PulumiPolicy.yaml");
        }
    });
});
