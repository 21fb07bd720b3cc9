import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { UserError } from "../../lib/errors";
import { adoptPulumiState, adoptTerraformState, programText } from "../../lib/migration";
import { adoptState, readJson } from "./adopted-stack";

// What the tools write is tested in pulumi-states.test.ts and terraform-states.test.ts; this file has the faults.
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

    it("writes a state that only its owner can read, and prints the next steps", async () => {
        const output = path.join(folder, "after.json");
        const { stdout } = await adoptState(pulumiFile, "--output", output);
        expect(stdout)
            .to.include("8 rules")
            .and.include("payments: bucket example-payments")
            .and.include(`pulumi stack import --file ${output}`);
        expect(statSync(output).mode & 0o077).to.equal(0);
    });

    for (const [what, args, said] of [
        ["a file that is not there", ["nowhere.json"], "cannot be read (ENOENT)"],
        ["a file that is not JSON", [__filename], "is not JSON"],
        ["a file that is no state", ["package.json"], "The file is not the output of `pulumi stack export`"],
        ["a Terraform state without a stack", [terraformFile], "--into"],
        [
            "a Terraform state into what is no stack",
            [terraformFile, "--into", terraformFile],
            "The file is not the output of `pulumi stack export`",
        ],
    ] as const) {
        it(`rejects ${what}, and writes nothing`, async () => {
            const output = path.join(folder, "after.json");
            const { status, stderr } = await adoptState(...args, "--output", output);
            expect(status).to.equal(1);
            expect(stderr).to.include(said);
            expect(stderr).not.to.match(/^\s+at /m);
            expect(() => statSync(output)).to.throw();
        });
    }
});

describe("a stack's state, adopted", () => {
    const rule = (all: Entry[], name: string) => all.find(({ urn }) => urn.endsWith(`::${name}`)) as Entry;

    it("keeps values that look like references to renamed resources", () => {
        const document = readJson(pulumiFile);
        const all: Entry[] = document.deployment.resources;
        const { urn } = rule(all, "logs");
        Object.assign(rule(all, "test-stack-dev"), { outputs: { note: urn } });
        const after = adoptPulumiState({ document, file: "before.json" }).state.deployment.resources ?? [];
        expect(after[0]?.outputs).to.deep.equal({ note: urn });
    });

    it("comes with a program that leaves secrets to be filled in", () => {
        const text = programText(adoptPulumiState({ document: readJson(pulumiFile), file: "before.json" }).rules);
        expect(text).to.include('config.requireSecret("kmsMasterKeyId")');
    });

    it("comes with a program that protects what the stack protects", () => {
        const text = programText(adoptPulumiState({ document: readJson(pulumiFile), file: "before.json" }).rules);
        expect(text).to.include('    sseAlgorithm: "SM4",\n}, { protect: true });');
        expect(text).to.match(/"example-kms-sm4",[^}]*\}, \{ retainOnDelete: true \}\);/);
        expect(text).to.include('    bucket: "example-logs",\n    sseAlgorithm: "AES256",\n});');
    });

    it("warns of a bucket with two rules, of which each deployment would write another", () => {
        const document = readJson(pulumiFile);
        const all: Entry[] = document.deployment.resources;
        Object.assign(rule(all, "chinese").inputs, { bucket: "example-logs" });
        const { warnings } = adoptPulumiState({ document, file: "before.json" });
        expect(warnings).to.include(
            `${rule(all, "logs").urn} and ${rule(all, "chinese").urn} are all for bucket example-logs, which has one rule: keep the one that it shall have, and remove the others from the program and with \`pulumi state delete\`.`,
        );
        const { warnings: before } = adoptPulumiState({ document: readJson(pulumiFile), file: "before.json" });
        expect(before.filter((text) => text.includes("has one rule"))).to.deep.equal([]);
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
            "a rule that cannot be declared",
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
            expect(() => adoptPulumiState({ document, file: "before.json" })).to.throw(said);
        });
    }

    it("rejects an unknown version", () => {
        expect(() =>
            adoptPulumiState({ document: { ...readJson(pulumiFile), version: 9 }, file: "before.json" }),
        ).to.throw('"version" must be one of 3, 4');
    });
});

describe("a state of another shape", () => {
    // Pretty, so that lines differ.
    const read = (document: unknown) => ({ document, file: "state.json", text: JSON.stringify(document, null, 2) });
    const into = read({ version: 3, deployment: {} });
    const rule = (attributes: unknown, name: unknown = "logs") => ({
        mode: "managed",
        type: "alicloud_oss_bucket_server_side_encryption",
        name,
        instances: [{ attributes }],
    });
    const terraform = (...resources: unknown[]) => read({ version: 4, terraform_version: "1.11.4", resources });
    const pulumi = (...resources: unknown[]) => read({ version: 3, deployment: { resources } });

    for (const [what, state, place] of [
        [
            "resources are a map",
            read({ version: 4, terraform_version: "1", resources: {} }),
            /"resources" must be a list/,
        ],
        ["a resource is a text", terraform("x"), /"resources\[0\]" must be a map, found text \(line 5, column 5\)/],
        ["a resource has no instances", terraform({ mode: "managed", type: "t", name: "n" }), /has no "instances"/],
        [
            "instances are a number",
            terraform({ ...rule({}), instances: 7 }),
            /"resources\[0\]\.instances" must be a list/,
        ],
        [
            "an instance is empty",
            terraform({ ...rule({}), instances: [null] }),
            /instances\[0\]" must be a map, found empty/,
        ],
        ["a rule has no attributes", terraform(rule(undefined)), /instances\[0\]" has no "attributes"/],
        [
            "a bucket is a list",
            terraform(rule({ bucket: ["b"] })),
            /attributes\.bucket" must be text or empty, found a list/,
        ],
        ["a name is a number", terraform(rule({ bucket: "b" }, 7)), /"resources\[0\]\.name" must be text/],
        [
            "Pulumi's resources are a text",
            read({ version: 3, deployment: { resources: "x" } }),
            /"deployment\.resources"/,
        ],
        ["Pulumi's resource is a list", pulumi([]), /"deployment\.resources\[0\]" must be a map, found a list/],
        ["a URN is none", pulumi({ urn: "x", type: "t" }), /resources\[0\]\.urn"/],
        [
            "inputs are a text",
            pulumi({ urn: "urn:pulumi:a::b::c::d", type: "t", inputs: "x" }),
            /resources\[0\]\.inputs"/,
        ],
    ] as const) {
        it(`is rejected by file and place when ${what}`, () => {
            const adopt = () =>
                /terraform_version/.test(state.text) ? adoptTerraformState(state, into) : adoptPulumiState(state);
            expect(adopt).to.throw(UserError, place).with.property("kind", "invalid-state-file");
            expect(adopt).to.throw("state.json");
        });
    }
});

describe("a Terraform state, adopted", () => {
    const into = (document: unknown) => ({ document, file: "stack.json" });
    const empty = { version: 3, deployment: { manifest: {} } };
    const terraform = readJson(terraformFile);

    it("comes with a program that declares the rules and is correct TypeScript", () => {
        const text = programText(
            adoptTerraformState({ document: terraform, file: "t" }, into(readJson(pulumiFile))).rules,
        );
        expect(text).to.include('new BucketEncryption("money-eu-this-payments", {');
        const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
        expect(diagnostics).to.deep.equal([]);
    });

    it("warns of a bucket that will see the rule with its next refresh", () => {
        const document = structuredClone(terraform);
        const bucket = document.resources.find(({ name }: { name: string }) => name === "logs");
        bucket.instances[0].attributes.server_side_encryption_rule = [];
        const { warnings } = adoptTerraformState({ document, file: "t" }, into(readJson(pulumiFile)));
        expect(warnings.at(-1)).to.match(/^alicloud_oss_bucket\.logs also owns the rule/);
    });

    it("rejects two addresses that become one name, and names both", () => {
        const document = structuredClone(terraform);
        const logs = document.resources.find(
            ({ type, name }: { type: string; name: string }) => /server_side/.test(type) && name === "logs",
        );
        document.resources.push({ ...structuredClone(logs), module: 'module.a["x"]' });
        document.resources.push({ ...structuredClone(logs), module: "module.a-x" });
        expect(() => adoptTerraformState({ document, file: "t" }, into(readJson(pulumiFile)))).to.throw(
            UserError,
            /module\.a\["x"\]\.\S+logs and module\.a-x\.\S+logs would both be named "a-x-logs".*terraform state mv/,
        );
    });

    it("prints commands that a shell passes on unchanged, for every address", async () => {
        const folder = mkdtempSync(path.join(tmpdir(), "adopt-state-"));
        try {
            const document = structuredClone(terraform);
            const logs = document.resources.find(({ type }: { type: string }) => /server_side/.test(type));
            const keys = [
                "a'; touch X; echo '",
                "it's",
                "\u202eabc",
                "$(touch X)",
                "`uname`",
                "\u001b[31m",
                "new\nline",
            ];
            document.resources = [
                {
                    ...logs,
                    instances: keys.map((index_key, index) => ({
                        index_key,
                        attributes: { bucket: `bucket-${index}`, sse_algorithm: "AES256" },
                    })),
                },
            ];
            const [state, stack] = [path.join(folder, "terraform.json"), path.join(folder, "stack.json")];
            writeFileSync(state, JSON.stringify(document));
            writeFileSync(stack, JSON.stringify(readJson(pulumiFile)));

            const { stdout, stderr } = await adoptState(
                state,
                "--into",
                stack,
                "--output",
                path.join(folder, "after.json"),
            );
            expect(stderr).to.match(/^Wrote /);
            expect(stdout).not.to.match(/(?!\n)[\p{C}]/u);
            const commands = stdout.split("\n").filter((line) => line.startsWith("  terraform state rm "));
            expect(commands).to.have.length(keys.length);
            const script = `terraform() { printf '%s\\0' "$3"; }\n${commands.join("\n")}\n`;
            const words = execFileSync("bash", ["--norc", "-c", script], { cwd: folder }).toString().split("\0");
            const addresses = keys.map((key) => `${logs.type}.${logs.name}[${JSON.stringify(key)}]`);
            expect(words.slice(0, -1)).to.deep.equal(addresses);
            expect(readdirSync(folder).sort()).to.deep.equal(["after.json", "stack.json", "terraform.json"]);
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
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
            adoptTerraformState({ document: terraform, file: "t" }, into(readJson(pulumiFile))).state,
            "already",
        ],
    ] as const) {
        it(`rejects ${what}`, () => {
            expect(() => adoptTerraformState({ document, file: "t" }, into(stack))).to.throw(said);
        });
    }
});
