import { copyFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { handlerText } from "../../lib/declaration";
import { LocalCloud } from "../../lib/local-cloud";
import { BucketStack } from "../stacks/bucket-stack";
import { adoptState, importState, readJson, writeProgram } from "./adopted-stack";

const states = path.join(__dirname, "states", "pulumi-3.247.0");
const key = "key-hzz65f0a1b2c3d4e5f6a7";
const alicloudType = "alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption";
const ownType = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";

interface Entry {
    readonly urn: string;
    readonly type: string;
    readonly inputs?: Record<string, unknown>;
}

/** What the buckets had when `rules.json` was written (states/README.md), by the rules' names in the stack. */
const rules = {
    logs: ["example-logs", { sseAlgorithm: "AES256" }],
    chinese: ["example-sm4", { sseAlgorithm: "SM4" }],
    "managed-key": ["example-kms", { sseAlgorithm: "KMS" }],
    "managed-key-sm4": ["example-kms-sm4", { sseAlgorithm: "KMS", kmsDataEncryption: "SM4" }],
    "given-key": ["example-key", { sseAlgorithm: "KMS", kmsMasterKeyId: key }],
    "given-alias": ["example-alias", { sseAlgorithm: "KMS", kmsMasterKeyId: "alias/example" }],
    "secret-key": ["example-arn", { sseAlgorithm: "KMS", kmsMasterKeyId: key }],
    payments: ["example-payments", { sseAlgorithm: "KMS", kmsMasterKeyId: key, kmsDataEncryption: "SM4" }],
} as const;

/** The program that wrote `rules.json`, with only the class changed. */
const program = `
import * as pulumi from "@pulumi/pulumi";
import { BucketEncryption } from "pulumi-bucket-encryption";
const key = "${key}";

const logs = new BucketEncryption("logs", { bucket: "example-logs", sseAlgorithm: "AES256" });
new BucketEncryption("chinese", { bucket: "example-sm4", sseAlgorithm: "SM4" }, { protect: true });
new BucketEncryption("managed-key", { bucket: "example-kms", sseAlgorithm: "KMS" }, { dependsOn: [logs] });
new BucketEncryption(
    "managed-key-sm4",
    { bucket: "example-kms-sm4", sseAlgorithm: "KMS", kmsDataEncryption: "SM4" },
    { retainOnDelete: true },
);
new BucketEncryption(
    "given-key",
    { bucket: "example-key", sseAlgorithm: "KMS", kmsMasterKeyId: key },
    { customTimeouts: { create: "10m" } },
);
new BucketEncryption(
    "given-alias",
    { bucket: "example-alias", sseAlgorithm: "KMS", kmsMasterKeyId: "alias/example" },
    { aliases: [{ name: "old-alias" }] },
);
new BucketEncryption("secret-key", {
    bucket: "example-arn",
    sseAlgorithm: "KMS",
    kmsMasterKeyId: new pulumi.Config().requireSecret("kmsMasterKeyId"),
});
class Store extends pulumi.ComponentResource {
    constructor(name: string, bucket: pulumi.Input<string>) {
        super("acme:index:Store", name);
        const args = { bucket, sseAlgorithm: "KMS", kmsMasterKeyId: key, kmsDataEncryption: "SM4" } as const;
        const rule = new BucketEncryption(name, args, { parent: this, deletedWith: logs });
        this.registerOutputs({ rule: rule.id });
    }
}
new Store("payments", logs.bucket.apply(() => "example-payments"));
export const logsAlgorithm = logs.sseAlgorithm;
`;

describe("states of @pulumi/alicloud and Pulumi 3.247.0", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;
    before(async () => {
        cloud = await LocalCloud.start();
        for (const [name, encryption] of Object.values(rules)) cloud.createBucket({ name, encryption });
        stack = await new BucketStack(cloud).start();
        copyFileSync(path.join(states, "stack-settings.yaml"), path.join(stack.folder, "Pulumi.dev.yaml"));
    });
    after(async () => {
        stack.remove();
        await cloud.stop();
    });

    async function adopted(name: string) {
        const output = path.join(stack.folder, "after.json");
        const { status, stdout, stderr } = await adoptState(path.join(states, name), "--output", output, "--json");
        expect(status, stderr).to.equal(0);
        return { ...(JSON.parse(stdout) as { rules: object[]; warnings: string[] }), after: readJson(output) };
    }

    it("deploy with the class changed, with no change and no request", async function () {
        this.timeout(400_000);
        const { after, warnings } = await adopted("rules.json");
        expect(warnings).to.deep.equal([]);
        importState(stack, after.deployment);
        writeProgram(stack, program);
        cloud.journal.clear();
        expect(await stack.previewedSteps()).to.deep.equal({});
        await stack.deploy("--expect-no-changes");
        expect(cloud.journal.entries()).to.deep.equal([]);
        expect(await stack.previewedSteps("--refresh"), "what is there is what is declared").to.deep.equal({});
        expect(cloud.journal.count({ operation: "PutBucketEncryption" })).to.equal(0);
        for (const [name, encryption] of Object.values(rules)) {
            expect(cloud.bucketRule(name)).to.deep.equal(encryption);
        }
        writeProgram(stack, program.replace("AES256", "SM4"));
        await stack.deploy();
        expect(cloud.bucketRule("example-logs"), "a change is deployed from then on").to.deep.equal({
            sseAlgorithm: "SM4",
        });
    });

    for (const [name, count, gone, added] of [
        ["rules.json", 8, ["default_3_108_0"], ["default"]],
        ["buckets-and-rules.json", 10, [], ["default"]],
    ] as const) {
        it(`change nothing but the rules: ${name}`, async () => {
            const text = JSON.stringify(readJson(path.join(states, name))).replaceAll(alicloudType, ownType);
            const before = JSON.parse(text);
            const { after, rules: turnedOver } = await adopted(name);
            expect(turnedOver).to.have.length(count);
            const { resources, ...others } = after.deployment;
            expect({ ...others, resources: before.deployment.resources }).to.deep.equal(before.deployment);
            const names = (entries: readonly Entry[]) => entries.map(({ urn }) => urn);
            const [was, is] = [before.deployment.resources as Entry[], resources as Entry[]];
            const lost = was.filter(({ urn }) => !names(is).includes(urn));
            const gained = is.filter(({ urn }) => !names(was).includes(urn));
            expect(names(lost).map((urn) => urn.split("::").at(-1))).to.deep.equal(gone);
            expect(names(gained).map((urn) => urn.split("::").at(-1))).to.deep.equal(added);
            const remaining = is.filter((entry) => !gained.includes(entry));
            expect(names(remaining), "in the same order").to.deep.equal(
                names(was.filter((entry) => !lost.includes(entry))),
            );
            for (const entry of remaining) {
                const old = was.find(({ urn }) => urn === entry.urn);
                const { inputs, outputs, provider, propertyDependencies, ...options } = entry as unknown as Record<
                    string,
                    object
                >;
                if (entry.type !== ownType) expect(entry).to.deep.equal(old);
                else {
                    expect(old, "options, places in the program, dependencies").to.deep.include(options);
                    const { __defaults, ...declared } = old?.inputs ?? {};
                    expect(inputs).to.deep.equal({ ...declared, __provider: handlerText });
                    expect(outputs).to.deep.equal(inputs);
                    expect(provider).to.match(/pulumi:providers:pulumi-nodejs::default::/);
                    expect(propertyDependencies).to.have.property("__provider");
                    const left = Object.keys(old ?? {}).filter((field) => !(field in entry));
                    expect(left.filter((field) => field !== "importID")).to.deep.equal([]);
                }
            }
        });
    }

    it("warn about buckets that also own the rule, and about a provider whose settings a dynamic resource lacks", async () => {
        const { warnings } = await adopted("buckets-and-rules.json");
        expect(warnings).to.have.length(4);
        const [provider, ...buckets] = warnings;
        expect(provider).to.match(/::north belongs to the provider .*::beijing \(region cn-beijing\)/);
        const [logs, payments, inline] = buckets;
        for (const bucket of [logs, payments]) expect(bucket).to.match(/removes the rule\. Add it to `ignoreChanges`/);
        expect(inline).to.include("two owners");
    });

    it("are read as `pulumi stack export` prints them, and not as they lie in the backend", async () => {
        const { deployment } = readJson(path.join(states, "rules.json"));
        const checkpoint = path.join(stack.folder, "checkpoint.json");
        writeFileSync(checkpoint, JSON.stringify({ version: 3, checkpoint: { stack: "dev", latest: deployment } }));
        const { status, stderr } = await adoptState(checkpoint, "--output", path.join(stack.folder, "nothing.json"));
        expect([status, stderr]).to.include(1);
        expect(stderr).to.include("pulumi stack export");
    });
});
