import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { bucketEncryption, pulumiEmbedded } from "../cli/compiled-commands";
import { type CommandResult, run } from "../cli/in-process";
import { TestRollout } from "./test-rollout";

const secrets = [
    "planted-in-a-log",
    "planted-in-an-error",
    "planted-in-a-bucket",
    'planted "in" JSON\\',
    "planted-in-a-policy",
] as const;

// Prints, logs, throws and declares the stack's secrets.
const program = `
const pulumi = require("@pulumi/pulumi");
const { BucketEncryption } = require("pulumi-bucket-encryption");
const config = new pulumi.Config();
console.log("printed:", config.require("log"));
console.log(JSON.stringify({ quoted: config.require("quoted") }));
pulumi.log.warn("warned: " + config.require("log"));
new BucketEncryption("visible", { bucket: "account-1-bucket-1", sseAlgorithm: "AES256" });
new BucketEncryption("hidden", { bucket: config.require("bucket"), sseAlgorithm: "AES256" });
new BucketEncryption("keyed", { bucket: "account-1-bucket-2", sseAlgorithm: "KMS", kmsMasterKeyId: config.requireSecret("policy"), verifyKey: false });
if (config.getBoolean("throws")) throw new Error("thrown: " + config.require("error"));
`;

const pack = `
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("pack", { policies: [{
    name: "tells-all", description: "Repeats what it sees.", enforcementLevel: "advisory",
    validateResource: ({ props }, report) => { if (props.bucket) report("found " + props.bucket + " and planted-in-a-policy"); },
}] });
`;

function textsUnder(folder: string): { readonly place: string; readonly text: string }[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .map((name) => path.join(folder, name))
        .filter((file) => statSync(file).isFile())
        .map((file) => ({ place: file, text: readFileSync(file, "utf8") }));
}

describe("a rollout of stacks with secret configuration", function () {
    this.timeout(240_000);
    let rollout: TestRollout;
    afterEach(async () => await rollout.dispose());

    const place = () => ({ cwd: rollout.folder, env: rollout.environment });
    const command = async (verb: string, ...args: string[]): Promise<CommandResult> =>
        await run(bucketEncryption, ["rollout", verb, "rollout.yaml", ...args], place());
    async function pulumi(...args: string[]): Promise<void> {
        const { status, output } = await run(pulumiEmbedded, args, place());
        expect(status, output).to.equal(0);
    }

    it("keeps no secret in its plan, journal, results, reports and jobs, and prints none", async () => {
        rollout = await TestRollout.create([2]);
        rollout.cloud.createBucket({ name: "planted-in-a-bucket" });
        writeFileSync(path.join(rollout.folder, "index.js"), program);
        const packFolder = path.join(rollout.folder, "pack");
        mkdirSync(packFolder);
        writeFileSync(path.join(packFolder, "PulumiPolicy.yaml"), "runtime: nodejs\nmain: index.js\n");
        writeFileSync(path.join(packFolder, "package.json"), '{"name":"pack","version":"1.0.0","main":"index.js"}');
        writeFileSync(path.join(packFolder, "index.js"), pack);
        const stack = (name: string, throws: boolean) => ({
            ...rollout.stack(1),
            name,
            configuration: { "bucket-encryption:profile": "account-1", "test-rollout:throws": throws },
        });
        rollout.write({
            policyPacks: ["pack"],
            stacks: [stack("talks", false), stack("throws", true)],
            waves: [{ name: "all", stacks: ["talks", "throws"], failureTolerance: 1 }],
        });
        for (const name of ["talks", "throws"]) {
            await pulumi("stack", "init", name);
            const values = {
                log: secrets[0],
                error: secrets[1],
                bucket: secrets[2],
                quoted: secrets[3],
                policy: secrets[4],
            };
            for (const [key, value] of Object.entries(values))
                await pulumi("config", "set", "--secret", key, value, "--stack", name);
        }
        const results: CommandResult[] = [await command("plan", "--engine", "embedded")];
        expect(results[0]?.stderr).to.match(/throws could not be planned: .*thrown: \[secret\]/);
        results.push(await command("run", "--yes", "--engine", "embedded"));
        expect(rollout.cloud.bucketRule("planted-in-a-bucket"), results[1]?.stderr).to.deep.equal({
            sseAlgorithm: "AES256",
        });
        for (const format of ["html", "markdown", "json", "junit"])
            results.push(await command("report", "--format", format));
        const plan = ["--from", ".rollout/rollout.yaml/plan.json"];
        for (const matrix of ["github", "gitlab", "json"])
            results.push(await command("plan", ...plan, "--matrix", matrix));
        results.push(await command("status"));

        const printed = results.flatMap(({ stdout, stderr }, index) => [
            { place: `output ${index}`, text: stdout },
            { place: `messages ${index}`, text: stderr },
        ]);
        const stored = textsUnder(path.join(rollout.folder, ".rollout"));
        expect(stored.map(({ place }) => path.basename(place))).to.include.members(["plan.json", "journal.jsonl"]);
        for (const { place, text } of [...printed, ...stored])
            for (const secret of secrets.flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]))
                expect(text.includes(secret), `${secret} in ${place}`).to.equal(false);
    });
});
