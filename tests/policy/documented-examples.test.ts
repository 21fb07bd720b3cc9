import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { Ajv } from "ajv";
import { expect } from "chai";
import { encryptionPolicies, policyPresets } from "../../lib/policy";
import manifest from "../../package.json";
import { AnalyzerProcess, type RegisteredResource } from "./analyzer-process";

const root = path.join(__dirname, "..", "..");
const page = readFileSync(path.join(root, "docs", "policy.md"), "utf8");

/** A policy's part of the page. */
interface DocumentedPolicy {
    readonly name: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly good: string;
    readonly bad: string;
    readonly said: readonly string[];
    readonly remediated: string | undefined;
}

function documentedPolicies(): DocumentedPolicy[] {
    const chapter = page.slice(page.indexOf("\n## The policies"), page.indexOf("\n## Presets"));
    return chapter
        .split("\n### ")
        .slice(1)
        .map((section) => {
            const [, name = ""] = /^`([^`]+)`/.exec(section) ?? [];
            const block = (language: string, heading = ""): string | undefined => {
                const from = heading === "" ? section : section.split(`\n**${heading}**\n`)[1];
                return from?.split(`\`\`\`${language}\n`)[1]?.split("\n```")[0];
            };
            return {
                name,
                config: JSON.parse(block("json") ?? "null"),
                good: block("ts", "Good") ?? "",
                bad: block("ts", "Bad") ?? "",
                said: (block("text") ?? "").split("\n"),
                remediated: block("ts", "Remediated"),
            };
        });
}

async function registered(programs: readonly string[]): Promise<RegisteredResource[][]> {
    // Each in a stack of its own, since policies remember the resources of one.
    const input = programs.map((program, index) => ({
        program,
        stack: /^\/\/ stack: (\S+)/.exec(program)?.[1] ?? `dev-${index}`,
    }));
    const child = spawn(process.execPath, ["--require", "tsx/cjs", path.join(__dirname, "register-examples.ts")], {
        cwd: root,
        stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(JSON.stringify(input));
    const [output, [status]] = await Promise.all([text(child.stdout), once(child, "close")]);
    expect(status).to.equal(0);
    return JSON.parse(output);
}

describe("the documentation of the policies", function () {
    this.timeout(120_000);
    const documented = documentedPolicies();
    const examples = new Map<string, RegisteredResource[]>();
    let pack: AnalyzerProcess;

    before(async () => {
        pack = await AnalyzerProcess.start();
        const programs = documented
            .flatMap(({ good, bad, remediated = "" }) => [good, bad, remediated])
            .filter(Boolean);
        for (const [index, resources] of (await registered(programs)).entries())
            examples.set(programs[index] as string, resources);
    });
    after(() => pack.stop());

    const reportsOn = async ({ name, config }: DocumentedPolicy, program: string) => {
        const resources = examples.get(program) ?? [];
        expect(resources).not.to.deep.equal([]);
        await pack.configure(config);
        return (await pack.judge(resources)).filter(({ policy }) => policy === name);
    };

    it("has every policy, in the pack's order, with an example that passes and one that fails", () => {
        expect(documented.map(({ name }) => name)).to.deep.equal(encryptionPolicies().map(({ name }) => name));
        for (const { name, good, bad, said } of documented)
            expect(
                [good, bad, said[0]].every((part) => part !== undefined && part !== ""),
                name,
            ).to.equal(true);
    });

    it("shows the result of each remediation", () => {
        const mending = encryptionPolicies().filter((policy) => "remediateResource" in policy);
        expect(documented.filter(({ remediated }) => remediated !== undefined).map(({ name }) => name)).to.deep.equal(
            mending.map(({ name }) => name),
        );
    });

    it("has configurations that match the policies' schemas", () => {
        const schemas = new Map(encryptionPolicies().map(({ name, configSchema }) => [name, configSchema]));
        const configurations = [...page.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, json]) =>
            JSON.parse(json as string),
        );
        for (const [name, config] of configurations.flatMap((one) => Object.entries(one))) {
            expect([...schemas.keys()]).to.include(name);
            const { enforcementLevel, ...properties } =
                typeof config === "string" ? {} : (config as Record<string, unknown>);
            const schema = { type: "object", additionalProperties: false, ...schemas.get(name) };
            const isSuitable = new Ajv({ strict: false }).compile(schema);
            expect(isSuitable(properties), `${name}: ${JSON.stringify(isSuitable.errors)}`).to.equal(true);
        }
    });

    for (const policy of documented) {
        const { name, config, good, bad, said, remediated } = policy;

        it(`has a good example of ${name} that passes`, async () => {
            expect(await reportsOn(policy, good)).to.deep.equal([]);
        });

        it(`has a bad example of ${name} with the documented messages`, async () => {
            const reports = await reportsOn(policy, bad);
            expect(reports.map(({ resource, message }) => `${resource}: ${message}`)).to.have.members([...said]);
            expect(new Set(reports.map(({ level }) => level))).to.deep.equal(new Set(["mandatory"]));
        });

        if (remediated === undefined) continue;
        it(`has a bad example of ${name} that is remediated as documented`, async () => {
            const own = config[name];
            await pack.configure({
                [name]: { ...(typeof own === "object" ? own : {}), enforcementLevel: "remediate" },
            });
            const after: Record<string, unknown> = {};
            for (const resource of examples.get(bad) ?? [])
                after[nameOf(resource)] = (await pack.remediate(resource)) ?? resource.props;
            const expected = (examples.get(remediated) ?? []).map((resource) => [nameOf(resource), resource.props]);
            expect(after).to.deep.equal(Object.fromEntries(expected));
        });
    }
});

function nameOf({ urn }: RegisteredResource): string {
    return urn.split("::").at(-1) ?? "";
}

describe("the packaged policy pack", () => {
    it("is in the package, with the policies for your own packs", () => {
        const { stdout } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
            cwd: root,
            encoding: "utf8",
        });
        const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
        const shipped = files.map((file) => file.path);
        const folder = "lib/policy/pack";
        expect(shipped).to.include.members([
            `${folder}/PulumiPolicy.yaml`,
            `${folder}/index.js`,
            ...Object.keys(policyPresets).map((name) => `${folder}/${name}.json`),
            "dist/policy/policy-pack.js",
            manifest.exports["./policy"].default.replace("./", ""),
            manifest.exports["./policy"].types.replace("./", ""),
        ]);
    });

    it("has a file for each preset", () => {
        for (const [name, preset] of Object.entries(policyPresets)) {
            const file = path.join(root, "lib", "policy", "pack", `${name}.json`);
            expect(JSON.parse(readFileSync(file, "utf8"))).to.deep.equal(preset);
        }
    });
});
