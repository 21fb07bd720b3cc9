import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";
import { adoptState, importState, readJson, writeProgram } from "./adopted-stack";

const key = "key-hzz65f0a1b2c3d4e5f6a7";
const givenKey = { sseAlgorithm: "KMS", kmsMasterKeyId: key } as const;
const money = { ...givenKey, kmsDataEncryption: "SM4" } as const;

/** What the buckets had when the states were written (states/README.md), by the rules' names in a stack. */
const applied = {
    chinese: ["example-sm4", { sseAlgorithm: "SM4" }],
    given_alias: ["example-alias", { sseAlgorithm: "KMS", kmsMasterKeyId: "alias/example" }],
    given_arn: ["example-arn", { ...givenKey, kmsMasterKeyId: `acs:kms:cn-hangzhou:1000000000000001:key/${key}` }],
    given_key: ["example-key", givenKey],
    logs: ["example-logs", { sseAlgorithm: "AES256" }],
    managed_key: ["example-kms", { sseAlgorithm: "KMS" }],
    managed_key_sm4: ["example-kms-sm4", { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" }],
    "money-eu-this-ledger-2026": ["example-eu-ledger", money],
    "money-eu-this-payments": ["example-eu-payments", money],
    "money-us-this-ledger-2026": ["example-us-ledger", money],
    "money-us-this-payments": ["example-us-payments", money],
    north: ["example-north", { sseAlgorithm: "AES256" }],
    "numbered-0": ["example-numbered-0", { sseAlgorithm: "AES256" }],
    "numbered-1": ["example-numbered-1", { sseAlgorithm: "AES256" }],
} as const;

const {
    "money-us-this-ledger-2026": ledger,
    "money-us-this-payments": payments,
    "numbered-0": first,
    ...kept
} = applied;
const handled = {
    ...kept,
    "dollars-this-ledger-2026": ledger,
    "dollars-this-payments": payments,
    imported: ["example-imported", givenKey],
    "moved-first-one": first,
    replaced: ["example-extra", { sseAlgorithm: "AES256" }],
    unfinished: ["example-other", { sseAlgorithm: "AES256" }],
} as const;

const inlineWarnings = [
    /^alicloud_oss_bucket\.inline also owns .*ignore_changes/,
    /^alicloud_oss_bucket\.logs also owns .*ignore_changes/,
];
const aliasWarning = /\.north belongs to the provider "beijing"/;

for (const tool of ["terraform-1.11.4"]) {
    for (const [file, expected, warnings] of [
        ["applied.tfstate", applied, [aliasWarning, ...inlineWarnings]],
        [
            "handled.tfstate",
            handled,
            [
                /\.given_alias is tainted/,
                aliasWarning,
                /\.replaced has a deposed object, the rule of example-deleted/,
                /\.unfinished is tainted/,
                ...inlineWarnings,
            ],
        ],
    ] as const) {
        describe(`${file} of ${tool}`, () => {
            const state = path.join(__dirname, "states", tool, file);
            let cloud: LocalCloud;
            let stack: BucketStack;
            before(async () => {
                cloud = await LocalCloud.start();
                for (const [name, encryption] of Object.values(expected)) {
                    const region = name === "example-north" ? "cn-beijing" : "cn-hangzhou";
                    cloud.createBucket({ name, region, encryption });
                }
                stack = await new BucketStack(cloud).start();
                const { OSS_REGION: _, ...environment } = stack.environment;
                stack.environment = environment;
                await stack.declare({}).deploy();
                writeFileSync(inFolder("stack.json"), await stack.succeed("stack", "export"));
            });
            after(async () => {
                stack.remove();
                await cloud.stop();
            });
            const inFolder = (name: string) => path.join(stack.folder, name);
            const adopt = (...flags: string[]) =>
                adoptState(state, "--into", inFolder("stack.json"), "--output", inFolder("after.json"), ...flags);

            it("is adopted whole, or with a warning for each part that is not", async () => {
                const { status, stdout, stderr } = await adopt("--json");
                expect(status, stderr).to.equal(0);
                const report = JSON.parse(stdout) as { rules: { name: string; bucket: string }[]; warnings: string[] };
                const found = Object.fromEntries(report.rules.map(({ name, bucket }) => [name, bucket]));
                const wanted = Object.entries(expected).map(([name, [bucket]]) => [name, bucket]);
                expect(found).to.deep.equal(Object.fromEntries(wanted));
                expect(report.warnings).to.have.length(warnings.length);
                warnings.forEach((warning, index) => {
                    expect(report.warnings[index]).to.match(warning);
                });
                expect((await adopt()).stdout.match(/terraform state rm/g)).to.have.length(report.rules.length);
            });

            it("changes nothing else of the stack that gets the rules", async () => {
                await adopt();
                const [before, after] = ["stack.json", "after.json"].map((name) => readJson(inFolder(name)).deployment);
                const { resources, ...others } = after;
                expect({ ...others, resources: before.resources }).to.deep.equal(before);
                const urns = before.resources.map(({ urn }: { urn: string }) => urn);
                expect(resources.filter(({ urn }: { urn: string }) => urns.includes(urn))).to.deep.equal(
                    before.resources,
                );
            });

            it("deploys by the program that comes with it, with no change and no request", async function () {
                this.timeout(300_000);
                expect((await adopt("--program", inFolder("rules.ts"))).status).to.equal(0);
                importState(stack, readJson(inFolder("after.json")).deployment);
                const program = readFileSync(inFolder("rules.ts"), "utf8");
                writeProgram(stack, program);
                cloud.journal.clear();
                expect(await stack.previewedSteps()).to.deep.equal({});
                // A loopback endpoint cannot show another region, so the warning comes before rules are read.
                const bucket = 'bucket: "example-north",';
                writeProgram(stack, program.replace(bucket, `${bucket} region: "cn-beijing",`));
                expect(await stack.deploy()).to.match(/~ .*north/);
                expect(cloud.journal.entries()).to.deep.equal([]);
                expect(await stack.previewedSteps("--refresh"), "what is there is what is declared").to.deep.equal({});
                expect(cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(0);
                for (const [name, encryption] of Object.values(expected)) {
                    expect(cloud.bucketRule(name)).to.deep.equal(encryption);
                }
            });
        });
    }
}
