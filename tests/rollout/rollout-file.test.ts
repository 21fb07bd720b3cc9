import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Ajv from "ajv";
import { expect } from "chai";
import { stackNameFault } from "../../lib/engine";
import { UserError } from "../../lib/errors";
import { parseRollout, readRolloutFile } from "../../lib/rollout";

const good = `
name: example
workDir: project
stacks:
  - { name: one, account: "1000000000000001", region: cn-hangzhou, tags: { stage: dev } }
  - { name: two, account: "1000000000000002", region: cn-beijing, configuration: { "bucket-encryption:profile": two, "app:list": [1, 2] } }
  - { name: three, stack: production, region: cn-hangzhou, tags: { stage: prod, count: 3 } }
waves:
  - { name: canary, tags: { stage: dev }, pause: person }
  - { name: rest, stacks: [two, three], maxConcurrent: 50%, failureTolerance: 99%, regionOrder: [cn-hangzhou], concurrencyMode: strict }
`;

describe("a rollout file", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(path.join(tmpdir(), "rollout-file-"));
        mkdirSync(path.join(folder, "project"));
        writeFileSync(path.join(folder, "project", "Pulumi.yaml"), "name: x\nruntime: nodejs\n");
    });
    after(() => rmSync(folder, { recursive: true }));

    const faultsOf = (text: string): string[] =>
        parseRollout(text, folder).faults.map(({ line, column, message }) => `${line}:${column} ${message}`);

    it("is read with its defaults, its shares rounded down, and its regions in order", () => {
        const { rollout, faults } = parseRollout(good, folder);
        expect(faults).to.deep.equal([]);
        expect(rollout?.refresh).to.equal(true);
        expect(rollout?.stacks.map(({ name, stack, workDir }) => [name, stack, workDir])).to.deep.equal([
            ["one", "one", path.join(folder, "project")],
            ["two", "two", path.join(folder, "project")],
            ["three", "production", path.join(folder, "project")],
        ]);
        expect(rollout?.waves).to.deep.equal([
            {
                name: "canary",
                groups: [["one"]],
                maxConcurrent: 1,
                failureTolerance: 0,
                concurrencyMode: "soft",
                pause: { for: "person" },
            },
            {
                name: "rest",
                groups: [["three"], ["two"]],
                maxConcurrent: 1,
                failureTolerance: 1,
                concurrencyMode: "strict",
            },
        ]);
    });

    it("rejects values that are nested too deeply", () => {
        const { faults } = parseRollout(`name: ${"[".repeat(30_000)}1${"]".repeat(30_000)}\n`, folder);
        expect(faults.map(({ message }) => message)).to.include("The file's values are nested too deeply");
    });

    it("becomes configuration of its stacks: region, the only allowed account, and structured values as JSON", () => {
        const { rollout } = parseRollout(good, folder);
        expect(rollout?.stacks[1]?.configuration).to.deep.equal({
            "bucket-encryption:region": "cn-beijing",
            "bucket-encryption:profile": "two",
            "app:list": "[1,2]",
            "bucket-encryption:allowedAccountIds": '["1000000000000002"]',
        });
        // Without an account of its own a stack may be for any that the file names, and for no other.
        expect(rollout?.stacks[2]?.configuration["bucket-encryption:allowedAccountIds"]).to.equal(
            '["1000000000000001","1000000000000002"]',
        );
    });

    it("rejects each setting of this package that does not exist or cannot have its value, and names the nearest", () => {
        const faults = faultsOf(`name: example
workDir: project
stacks:
  - name: one
    configuration:
      bucket-encryption:allowedAcountIds: "1000000000000009"
      bucket-encryption:account.id: "1000000000000009"
      bucket-encryption:accounts.id: "1000000000000009"
      bucket-encryption:account: { rolArn: "acs:ram::1000000000000001:role/admin" }
      bucket-encryption:forbiddenAccountIds: [1000000000000009, none]
      bucket-encryption:nothing-like-it: 1
      bucket-encryption:region: [cn-hangzhou]
      other:allowedAcountIds: "1"
waves: [{ name: all, stacks: [one] }]
`);
        expect(faults.map((fault) => fault.replace(/stacks\.0\.configuration: bucket-encryption:/, "…"))).to.deep.equal(
            [
                "6:7 …allowedAcountIds is not a setting; did you mean bucket-encryption:allowedAccountIds?",
                "7:7 …account.id is one key with this name, and not a part of bucket-encryption:account; write the part inside the value of that setting",
                "8:7 …accounts.id is one key with this name, and not a part of bucket-encryption:account; write the part inside the value of that setting",
                faults[3]?.replace(/stacks\.0\.configuration: bucket-encryption:/, "…"),
                faults[4]?.replace(/stacks\.0\.configuration: bucket-encryption:/, "…"),
                faults[5]?.replace(/stacks\.0\.configuration: bucket-encryption:/, "…"),
                "12:7 …region must be a text, not a list",
            ],
        );
        expect(faults[3]).to.match(/^9:\d+ .*account\.rolArn .*roleArn/);
        expect(faults[4]).to.match(/^10:65 .*forbiddenAccountIds\[1\]/);
        expect(faults[5]).to.match(
            /^11:7 .*nothing-like-it is not a setting of this package; its settings are region, /,
        );
    });

    it("accepts the own keys of a project with this package's name, but none that resembles a setting", () => {
        const own = path.join(folder, "own");
        mkdirSync(own);
        writeFileSync(path.join(own, "Pulumi.yaml"), "name: bucket-encryption\nruntime: nodejs\n");
        const file = (key: string) =>
            `name: x\nworkDir: own\nstacks: [{ name: one, configuration: { ${key}: 1 } }]\nwaves: [{ name: all, stacks: [one] }]\n`;
        for (const key of ["rules", "bucket-encryption:rules"]) expect(faultsOf(file(key)), key).to.deep.equal([]);
        for (const key of ["regoin", "bucket-encryption:allowedAccountIDS"])
            expect(faultsOf(file(key)), key).to.have.length(1);
    });

    it("rejects a stack's name that the engine would refuse", () => {
        const names = [
            "dev",
            "a/b/dev",
            "..",
            ".",
            "a/..",
            "../x",
            "./dev",
            "a/../dev",
            "-dev",
            "--yes",
            "a/-b",
            "a//b",
            "",
            "a b",
            "é",
            "x".repeat(101),
            "a/b/c/d",
            "...",
            "a..b",
            ".dev",
        ];
        for (const name of names) {
            const text = `name: x\nworkDir: project\nstacks: [{ name: one, stack: ${JSON.stringify(name)} }]\nwaves: [{ name: all, stacks: [one] }]\n`;
            expect(faultsOf(text).length > 0, name).to.equal(stackNameFault(name) !== undefined);
            const isPlain = !name.includes("/") && name !== "";
            const alone = `name: x\nworkDir: project\nstacks: [{ name: ${JSON.stringify(name)} }]\nwaves: [{ name: all, tags: { a: b } }]\n`;
            const isRefused = faultsOf(alone).some((fault) => fault.includes("stacks.0.name"));
            if (isPlain) expect(isRefused, name).to.equal(stackNameFault(name) !== undefined);
        }
    });

    it("rejects a file that is missing, a folder or unreadable with a cure for that", () => {
        for (const file of [path.join(folder, "missing.yaml"), folder]) {
            expect(() => readRolloutFile(file))
                .to.throw(UserError, file)
                .with.property("kind", "rollout-file-unreadable");
            expect(() => readRolloutFile(file)).not.to.throw(/line and column/);
        }
    });

    it("rejects faults of the meaning and of the shape, all at once", () => {
        const faults = faultsOf(`name: example
workDir: project
stacks:
  - { name: one, account: 12 }
  - { name: one }
  - 3
waves:
  - { name: all, stacks: [one, other, 4], maxConcurrent: 0 }
  - { name: all, stacks: several }
`);
        expect(faults.map((fault) => fault.split(/[,;]| must/)[0])).to.deep.equal([
            "4:27 stacks.0.account",
            '5:13 stacks.1.name "one" is already the name of stacks.0',
            "6:5 stacks.2",
            "8:32 Wave all names the stack other",
            "8:39 waves.0.stacks.2",
            "8:58 waves.0.maxConcurrent",
            "9:26 waves.1.stacks",
        ]);
    });

    it("rejects everything that the schema does not allow, each with line and column", () => {
        const faults = faultsOf(`name: example
workdir: project
stacks:
  - name: one
    account: 1000000000000001
  - { name: "two stacks" }
waves:
  - name: all
    maxConcurrent: 0
    failureTolerance: 120%
    pause: tomorrow
    stacks: [one, one]
  - { name: none }
  - { name: until, stacks: [], pause: { unti: "2027-01-31T08:00:00Z" } }
`);
        expect(faults).to.deep.equal([
            "1:1 workDir . has no Pulumi.yaml",
            '2:1 "workdir" is unknown; did you mean "workDir"?',
            '5:14 stacks.0.account must be an account id of 12 to 16 digits, in quotes, such as "1000000000000001", but is 1000000000000001',
            "6:5 The stack two stacks is in no wave",
            '6:13 stacks.1.name must be 1 to 100 letters, digits, "_", "-" or ".", not "." or "..", and no "-" at the beginning, but is "two stacks"',
            '9:20 waves.0.maxConcurrent must be a whole number from 1 to 1000, or a share from "1%" to "100%", but is 0',
            '10:23 waves.0.failureTolerance must be a whole number from 0 on, or a share from "0%" to "100%", but is "120%"',
            '11:12 waves.0.pause must be "person", a time such as 30s, 15m, 2h or 1d, or { until: "2027-01-31T08:00:00Z" }, but is "tomorrow"',
            "12:19 waves.0.stacks has item 1 twice",
            '13:5 waves.1 needs "stacks" or "tags"',
            "14:5 Wave until has no stack",
            '14:39 waves.2.pause needs "until"',
            '14:41 "unti" is unknown; did you mean "until"?',
        ]);
    });

    it("rejects names that do not match, contradicting accounts and missing folders", () => {
        const faults = faultsOf(`name: example
workDir: project
policyPacks: [no-such-pack]
stacks:
  - { name: one, account: "1000000000000001" }
  - { name: one }
  - { name: two, stack: one }
  - { name: three, workDir: elsewhere }
  - name: four
    account: "1000000000000004"
    configuration:
      bucket-encryption:account: { id: "1000000000000003", roleArn: "acs:ram::1000000000000005:role/admin" }
      bucket-encryption:allowedAccountIds: ["1000000000000004", "1000000000000006"]
      bucket-encryption:forbiddenAccountIds: ["1000000000000004"]
      bucket-encryption:accessKeySecret: in-the-clear
waves:
  - { name: first, stacks: [one, nobody], regionOrder: [cn-beijing] }
  - { name: first, stacks: [one, two], pause: { until: "2027-02-31T99:00:00Z" } }
  - { name: empty, tags: { stage: prod } }
`);
        for (const fault of [
            "3:15 no-such-pack is not a policy pack: it has no PulumiPolicy.yaml",
            '6:13 stacks.1.name "one" is already the name of stacks.0',
            "7:5 two is the same stack in the same folder as one",
            "8:5 The stack three is in no wave",
            "8:29 workDir elsewhere has no Pulumi.yaml",
            "9:5 The stack four is in no wave",
            "12:34 bucket-encryption:account of four names the account 1000000000000003, but its account is 1000000000000004",
            "12:34 bucket-encryption:account of four names the account 1000000000000005, but its account is 1000000000000004",
            "13:44 bucket-encryption:allowedAccountIds of four names the account 1000000000000006, but its account is 1000000000000004",
            "14:46 bucket-encryption:forbiddenAccountIds forbids the account of four, 1000000000000004",
            "15:7 bucket-encryption:accessKeySecret is a secret in plain text; set it with `pulumi config set --secret`",
            "17:34 Wave first names the stack nobody, which is not among the stacks",
            "17:57 No stack of wave first is in the region cn-beijing",
            '18:13 waves.1.name "first" is already the name of waves.0',
            "18:29 The stack one is in two waves, first and first",
            "18:56 2027-02-31T99:00:00Z is not a valid time",
            "19:5 Wave empty has no stack",
        ])
            expect(faults).to.include(fault);
        expect(faults.find((fault) => fault.includes("configuration: bucket-encryption:account"))).to.match(
            /^12:69 .*roleArn/,
        );
        expect(faults).to.have.length(18);
    });

    it("rejects one stack under several names, since it would be deployed twice", () => {
        symlinkSync("project", path.join(folder, "same-project"));
        const faults = faultsOf(`name: example
workDir: project
stacks:
  - { name: one }
  - { name: two, stack: organization/one }
  - { name: three, stack: organization/project/one }
  - { name: four, stack: one, workDir: same-project }
  - { name: five, stack: another/one }
  - { name: .. }
waves:
  - { name: all, stacks: [one, two, three, four, five, ..] }
`);
        expect(faults).to.deep.equal([
            "5:5 two is the same stack in the same folder as one",
            "6:5 three is the same stack in the same folder as one",
            "7:5 four is the same stack in the same folder as one",
            "8:5 five is the same stack in the same folder as one",
            '9:13 stacks.5.name must be 1 to 100 letters, digits, "_", "-" or ".", not "." or "..", and no "-" at the beginning, but is ".."',
        ]);
        const organizations = "stacks: [{ name: a, stack: ours/dev }, { name: b, stack: theirs/dev }]";
        const waves = "waves: [{ name: all, stacks: [a, b] }]";
        expect(faultsOf(`name: example\nworkDir: project\n${organizations}\n${waves}\n`)).to.deep.equal([]);
    });

    it("rejects invalid shares, contradicting regions, empty tags, several documents, and too many stacks", () => {
        const file = (stacks: string, waves: string) =>
            `name: example\nworkDir: project\nstacks: ${stacks}\nwaves: ${waves}\n`;
        const wave = (rest: string) => file("[{ name: one }]", `[{ name: all, stacks: [one], ${rest} }]`);
        for (const share of ["1000%", '"50 %"', "1.5", "-1", ".inf", "99999999999999999999"])
            expect(faultsOf(wave(`maxConcurrent: ${share}`))[0], share).to.match(
                /^4:\d+ waves.0.maxConcurrent must be a whole/,
            );
        const region = "{ name: one, region: cn-hangzhou, configuration: { bucket-encryption:region: cn-beijing } }";
        expect(faultsOf(file(`[${region}]`, "[{ name: all, stacks: [one] }]"))).to.deep.equal([
            "3:87 bucket-encryption:region of one is cn-beijing, but its region is cn-hangzhou",
        ]);
        expect(faultsOf(wave("tags: {}"))).to.deep.equal([
            "4:43 waves.0.tags must be a map that is not empty, but is empty",
        ]);
        expect(faultsOf(`${wave("pause: person")}---\nname: second\n`)).to.deep.equal([
            "5:1 The file holds more than one document",
        ]);
        const many = Array.from({ length: 10_001 }, (_, index) => `s${index}`);
        expect(
            faultsOf(file(`[${many.map((name) => `{ name: ${name} }`)}]`, `[{ name: all, stacks: [${many}] }]`)),
        ).to.deep.equal(["3:9 stacks must be a list of at most 10000 items, but is a list"]);
    }).timeout(60_000);

    it("rejects text that is not YAML, with the place", () => {
        expect(faultsOf("name: [a\nstacks: b: c\n")[0]).to.match(/^\d+:\d+ \S/);
        expect(faultsOf("name: a\nname: b\n")).to.deep.equal(["2:1 Map keys must be unique"]);
        expect(faultsOf("")).to.deep.equal(["1:1 The file must be a map, but is null"]);
    });

    it("rejects aliases that expand without limit", () => {
        const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
        for (let index = 0; index < 8; index += 1) {
            const [one, other] = [String.fromCharCode(97 + index), String.fromCharCode(98 + index)];
            bomb.push(`${other}: &${other} [*${one},*${one},*${one},*${one},*${one},*${one},*${one},*${one},*${one}]`);
        }
        expect(faultsOf(bomb.join("\n"))).to.deep.equal([
            "1:1 Excessive alias count indicates a resource exhaustion attack",
        ]);
    });

    it("rejects a file by naming each place as editors open it", () => {
        const file = path.join(folder, "rollout.yaml");
        writeFileSync(file, "name: example\nworkDir: project\nstacks: [{ name: one }]\nwaves: []\n");
        expect(() => readRolloutFile(file))
            .to.throw(UserError)
            .with.property("message")
            .that.includes(`\n  ${file}:4:8: waves must be a list that is not empty, but is empty\n`);
        expect(() => readRolloutFile(path.join(folder, "none.yaml"))).to.throw(UserError, "ENOENT");
    });

    it("has a published schema that describes each member", () => {
        const schemaFile = require.resolve("../../lib/rollout/file/rollout.schema.json");
        const schema = JSON.parse(readFileSync(schemaFile, "utf8"));
        expect(new Ajv().validateSchema(schema)).to.equal(true);
        const levels = [schema, schema.properties.stacks.items, schema.properties.waves.items];
        for (const [name, member] of levels.flatMap((level) =>
            Object.entries<{ description?: string }>(level.properties),
        ))
            if (name !== "name") expect(member.description, name).to.match(/\.$/);
        const { exports } = require("../../package.json");
        expect(exports["./rollout.schema.json"]).to.equal("./dist/rollout/file/rollout.schema.json");
        // Where the first line of a rollout file leads an editor to.
        const published = path.join(__dirname, "..", "..", exports["./rollout.schema.json"]);
        expect(JSON.parse(readFileSync(published, "utf8"))).to.deep.equal(schema);
    });
});
