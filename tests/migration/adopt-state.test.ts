import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { adoptPulumiState, adoptTerraformState, programText } from "../../lib/migration";
import { adoptState, readJson } from "./adopted-stack";

// What the tools write is tested in pulumi-states.test.ts and terraform-states.test.ts; here is what is wrong with it.
const states = path.join(__dirname, "states");
const pulumiFile = path.join(states, "pulumi-3.247.0", "rules.json");
const terraformFile = path.join(states, "terraform-1.11.4", "applied.tfstate");

interface Entry {
    [name: string]: unknown;
    urn: string;
    inputs: Record<string, unknown>;
}

describe("adopt-state", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "adopt-state-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("writes a state that nobody else reads, and says what to do with it", () => {
        const output = path.join(folder, "after.json");
        const { stdout } = adoptState(pulumiFile, "--output", output);
        expect(stdout)
            .to.include("8 rules")
            .and.include("payments: bucket example-payments")
            .and.include(`pulumi stack import --file ${output}`);
        expect(statSync(output).mode & 0o077).to.equal(0);
    });

    for (const [what, args, said] of [
        ["a file that isn't there", ["nowhere.json"], "can't be read (ENOENT)"],
        ["a file that isn't JSON", [__filename], "isn't JSON"],
        ["a file that is no state", ["package.json"], "isn't what `pulumi stack export` prints"],
        ["a Terraform state without a stack", [terraformFile], "--into"],
        [
            "a Terraform state into what is no stack",
            [terraformFile, "--into", terraformFile],
            "isn't what `pulumi stack export` prints",
        ],
    ] as const) {
        it(`rejects ${what}, and writes nothing`, () => {
            const output = path.join(folder, "after.json");
            const { status, stderr } = adoptState(...args, "--output", output);
            expect(status).to.equal(1);
            expect(stderr).to.include(said);
            expect(stderr).not.to.match(/^\s+at /m);
            expect(() => statSync(output)).to.throw();
        });
    }
});

describe("a stack's state, adopted", () => {
    const rule = (all: Entry[], name: string) => all.find(({ urn }) => urn.endsWith(`::${name}`)) as Entry;

    it("keeps values that look like references to what was renamed", () => {
        const document = readJson(pulumiFile);
        const all: Entry[] = document.deployment.resources;
        const { urn } = rule(all, "logs");
        Object.assign(rule(all, "test-stack-dev"), { outputs: { note: urn } });
        const after = adoptPulumiState(document, "before.json").state.deployment.resources ?? [];
        expect(after[0]?.outputs).to.deep.equal({ note: urn });
    });

    it("comes with a program that leaves secrets to be filled in", () => {
        const text = programText(adoptPulumiState(readJson(pulumiFile), "before.json").rules);
        expect(text).to.include('config.requireSecret("kmsMasterKeyId")');
    });

    for (const [what, change, said] of [
        [
            "nothing to adopt",
            (all: Entry[]) => all.splice(0, all.length, ...all.filter(({ type }) => type === "pulumi:pulumi:Stack")),
            "has no alicloud.oss.BucketServerSideEncryption",
        ],
        [
            "a half finished replacement",
            (all: Entry[]) => Object.assign(rule(all, "logs"), { delete: true }),
            "half replaced",
        ],
        [
            "a rule that can't be declared",
            (all: Entry[]) => Object.assign(rule(all, "logs").inputs, { sseAlgorithm: "ROT13" }),
            "ROT13",
        ],
        [
            "a bucket that is a secret",
            (all: Entry[]) => Object.assign(rule(all, "logs").inputs, { bucket: { ciphertext: "x" } }),
            "is a secret",
        ],
    ] as const) {
        it(`rejects a state with ${what}`, () => {
            const document = readJson(pulumiFile);
            change(document.deployment.resources);
            expect(() => adoptPulumiState(document, "before.json")).to.throw(said);
        });
    }

    it("rejects a version that nobody knows", () => {
        expect(() => adoptPulumiState({ ...readJson(pulumiFile), version: 9 }, "before.json")).to.throw("version 9");
    });
});

describe("a Terraform state, adopted", () => {
    const into = (document: unknown) => ({ document, file: "stack.json" });
    const empty = { version: 3, deployment: { manifest: {} } };
    const terraform = readJson(terraformFile);

    it("comes with a program that declares the rules and is correct TypeScript", () => {
        const text = programText(adoptTerraformState(terraform, "t", into(readJson(pulumiFile))).rules);
        expect(text).to.include('new BucketEncryption("money-eu-this-payments", {');
        const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
        expect(diagnostics).to.deep.equal([]);
    });

    it("warns of a bucket that will see the rule with its next refresh", () => {
        const document = structuredClone(terraform);
        const bucket = document.resources.find(({ name }: { name: string }) => name === "logs");
        bucket.instances[0].attributes.server_side_encryption_rule = [];
        const { warnings } = adoptTerraformState(document, "t", into(readJson(pulumiFile)));
        expect(warnings.at(-1)).to.match(/^alicloud_oss_bucket\.logs owns the rule too/);
    });

    for (const [what, document, stack, said] of [
        ["a stack that was never deployed", terraform, empty, "never deployed"],
        ["a format that nobody knows", { ...terraform, version: 3 }, empty, "format 3"],
        ["a state without rules", { ...terraform, resources: [] }, empty, "has no alicloud_oss_bucket_server"],
        [
            "what `terraform show -json` prints",
            { format_version: "1.0", terraform_version: "1.11.4", values: { root_module: {} } },
            empty,
            "`terraform state pull`",
        ],
        [
            "a name that is taken",
            terraform,
            adoptTerraformState(terraform, "t", into(readJson(pulumiFile))).state,
            "already",
        ],
    ] as const) {
        it(`rejects ${what}`, () => {
            expect(() => adoptTerraformState(document, "t", into(stack))).to.throw(said);
        });
    }
});
