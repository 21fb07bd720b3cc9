import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { LocalCloud } from "../../lib/local-cloud";
import { management, production, roleArn, test, threeAccounts } from "../accounts/three-accounts";
import { BucketStack } from "../stacks/bucket-stack";

// Declares the baselines, sets and single resources that DECLARED names, by their classes.
const program = (module: string) => `
const all = require("${module}");
const pulumi = require("@pulumi/pulumi");
exports.made = Object.entries(JSON.parse(process.env.DECLARED)).map(([name, { is, secretKey, ...args }]) => {
    if (secretKey) args.kmsMasterKeyId = pulumi.secret(secretKey);
    return new all[is](name, args);
}).map((resource) => resource.buckets);
`;

describe("a stack for many buckets", () => {
    let cloud: LocalCloud;
    let stack: BucketStack;
    beforeEach(async () => {
        cloud = await LocalCloud.start({ isStrict: true, accounts: threeAccounts() });
        stack = await new BucketStack(cloud).start();
        stack.environment = { ...stack.environment, ALIBABA_CLOUD_STS_ENDPOINT: cloud.url };
        writeFileSync(path.join(stack.folder, "index.js"), program(stack.module));
        for (const name of ["logs-a", "logs-b", "logs-c", "photos"])
            cloud.createBucket({ name, accountId: production });
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });

    const admin = { id: production, roleArn: roleArn(production), externalId: "ticket-4711" };
    const baseline = (others: object = {}) => ({
        fleet: {
            is: "EncryptionBaseline",
            account: admin,
            select: { patterns: "logs-*" },
            sseAlgorithm: "AES256",
            ...others,
        },
    });
    const declare = (declared: object) => stack.declare(declared as never);
    const rule = (name: string) => cloud.bucketRule(name)?.sseAlgorithm;
    const states = async () => {
        const { deployment } = JSON.parse(await stack.succeed("stack", "export")) as {
            deployment: { resources: { type: string; urn: string; inputs: object; outputs: object }[] };
        };
        return deployment.resources.filter(({ type }) => /BucketEncryption/.test(type));
    };

    it("declares a resource for each bucket that a pattern selects, with a role's token", async () => {
        await declare(
            baseline({
                overrides: { "logs-b": { sseAlgorithm: "SM4", reason: "a regulator asks for it" } },
                exclude: { "logs-c*": "is deleted next week" },
            }),
        ).deploy();
        expect(["logs-a", "logs-b", "logs-c", "photos"].map(rule)).to.deep.equal([
            "AES256",
            "SM4",
            undefined,
            undefined,
        ]);
        expect((await states()).map(({ urn }) => urn.split("::").at(-1))).to.have.members([
            "fleet-logs-a",
            "fleet-logs-b",
        ]);
        // One process runs the program and one the provider, and each assumes the role once.
        expect(cloud.journal.count({ operation: "AssumeRole" })).to.equal(2);
        cloud.createBucket({ name: "logs-tomorrow", accountId: production });
        expect(await stack.previewedSteps()).to.deep.equal({ "fleet-logs-tomorrow": "create" });
    });

    it("declares one resource for all with the granularity of a set, and shows a new bucket by its name", async () => {
        const set = baseline({ granularity: "set", exclude: { "logs-c": "is deleted next week" } });
        await declare(set).deploy();
        expect(["logs-a", "logs-b", "logs-c"].map(rule)).to.deep.equal(["AES256", "AES256", undefined]);
        const [state] = await states();
        expect(state?.outputs).to.deep.include({
            buckets: 2,
            selection: { patterns: "logs-*", excluded: { "logs-c": "is deleted next week" } },
        });
        expect(JSON.stringify(await states())).not.to.match(/CAIS|STS\./);
        cloud.createBucket({ name: "logs-tomorrow", accountId: production });
        expect(await stack.previewedSteps()).to.deep.equal({ fleet: "update" });
        expect(await stack.succeed("preview", "--diff")).to.match(/logs-tomorrow.*added in cn-hangzhou/);
        await stack.deploy();
        expect(rule("logs-tomorrow")).to.equal("AES256");
        expect(await stack.previewedSteps()).to.deep.equal({});
        cloud.setBucketRule("logs-a", undefined);
        expect(await stack.succeed("up", "--yes", "--skip-preview", "--refresh", "--diff")).to.include("logs-a");
        expect(rule("logs-a")).to.equal("AES256");
    });

    it("moves buckets from single resources to a set, and none loses its rule meanwhile", async () => {
        await declare(baseline({ onDelete: "remove" })).deploy();
        cloud.journal.clear();
        await declare(baseline({ onDelete: "remove", granularity: "set" })).deploy();
        const written = cloud.journal
            .entries()
            .filter(({ method, bucket }) => method !== "GET" && bucket !== undefined);
        expect(written).to.deep.equal([]);
        expect(["logs-a", "logs-b", "logs-c"].map(rule)).to.deep.equal(["AES256", "AES256", "AES256"]);
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(["logs-a", "logs-b", "logs-c"].map(rule)).to.deep.equal([undefined, undefined, undefined]);
    });

    it("rejects an empty selection, unless that is allowed", async () => {
        const nothing = { select: { patterns: "lgos-*" } };
        const { status, output } = await declare(baseline(nothing)).command("preview");
        expect(status).not.to.equal(0);
        expect(output).to.include('The baseline "fleet" selects no bucket').and.include("allowEmpty: true");
        await declare(baseline({ ...nothing, allowEmpty: true, granularity: "set" })).succeed("preview");
    });

    it("manages several accounts in one stack, each with its own role, and touches no other", async () => {
        const other = { id: test, roleArn: roleArn(test) };
        await declare({
            ...baseline({ granularity: "set" }),
            others: {
                is: "EncryptionBaseline",
                account: other,
                select: { all: true },
                sseAlgorithm: "SM4",
                granularity: "set",
            },
        }).deploy();
        expect([rule("logs-a"), rule("test-logs"), rule("production-logs")]).to.deep.equal([
            "AES256",
            "SM4",
            undefined,
        ]);
        const owners = cloud.journal.entries({ operation: "PutBucketEncryption" }).map(({ account }) => account);
        expect(new Set(owners)).to.deep.equal(new Set([production, test]));
        // Two accounts in two processes, for any number of buckets.
        expect(cloud.journal.count({ operation: "AssumeRole" })).to.equal(4);
    });

    it("keeps a key that is a secret out of the state of a set", async () => {
        const secretKey = "key-that-the-stack-keeps-secret";
        const set = {
            is: "BucketEncryptionSet",
            account: admin,
            buckets: ["logs-a"],
            sseAlgorithm: "KMS",
            verifyKey: false,
        };
        await declare({ fleet: { ...set, secretKey } }).deploy();
        const [state] = await states();
        expect(JSON.stringify(state)).not.to.include(secretKey);
        expect(state?.outputs).to.have.nested.property("held.ciphertext");
        cloud.setBucketRule("logs-a", { sseAlgorithm: "KMS", kmsMasterKeyId: "key-of-another-stack-cafe" });
        const drift = await stack.succeed("preview", "--refresh", "--diff");
        // The same text in the notice and in the diff, and in neither a whole key.
        expect(drift.split("KMS with the given key …cafe").length, drift).to.be.greaterThan(2);
        expect(drift).not.to.include(secretKey);
        expect(drift).not.to.match(/exceptions[^\n]*\[secret\]/);
    });

    it("rejects a baseline of another account before it lists or writes anything", async () => {
        const { status, output } = await declare(baseline({ account: { id: production } })).command("preview");
        expect(status).not.to.equal(0);
        expect(output).to.include(production).and.to.include(management);
        expect(output).not.to.match(/\bat .*\.js:\d+/);
        expect(cloud.journal.count({ operation: "ListBuckets" })).to.equal(0);
    });

    it("rejects all faults of a baseline at once", async () => {
        const faulty = baseline({
            select: { pattern: "logs-*" },
            overrides: { "logs-a": { sseAlgorithm: "SM4" } },
            exclude: { "logs-b": " " },
            granularity: "all",
        });
        const { status, output } = await declare(faulty).command("preview");
        expect(status).not.to.equal(0);
        for (const part of [
            "select.pattern`",
            "selects nothing",
            'overrides["logs-a"]',
            'exclude["logs-b"]',
            "granularity",
        ]) {
            expect(output).to.include(part);
        }
        expect(output).not.to.match(/\bat .*\.js:\d+/);
    });

    for (const buckets of ["logs-a", 7, null]) {
        it(`rejects ${JSON.stringify(buckets)} in place of a set's list of buckets, with what else is wrong`, async () => {
            const fleet = { is: "BucketEncryptionSet", buckets, sseAlgorithm: "AES" };
            const { status, output } = await declare({ fleet }).command("preview");
            expect(status).not.to.equal(0);
            expect(output).to.include("buckets: is not a list of buckets' names").and.to.include("sseAlgorithm: ");
            expect(output).not.to.match(/\bat .*\.js:\d+/);
        });
    }

    it("rejects an incomplete list of buckets", async () => {
        await declare(baseline({ granularity: "set" })).deploy();
        cloud.faults.add({ kind: "status", status: 403, code: "AccessDenied", operation: "ListBuckets" });
        // The SDK's launcher shows the errors of a program that has a process of its own.
        stack.inProcess = false;
        const { status, output } = await stack.command("up", "--yes", "--skip-preview");
        expect(status).not.to.equal(0);
        expect(output).to.match(
            /error: (?:pulumi:pulumi:Stack [\w-]+: )?Cannot list the buckets of the account: .*oss:ListBuckets/,
        );
        expect(output, "a stack trace").not.to.match(/^\s+at /m);
        expect(rule("logs-a")).to.equal("AES256");
    });
});
