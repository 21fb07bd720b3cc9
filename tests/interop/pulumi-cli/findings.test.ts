import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { bucketEncryption } from "../../../lib/cli/bucket-encryption-command";
import { LocalCloud } from "../../../lib/local-cloud";
import { run } from "../../cli/in-process";
import { BucketStack } from "../../stacks/bucket-stack";
import { needCommands } from "../needed-tool";

const names = ["a-one", "b-one", "c-one", "d-one"];
const pack = path.join(__dirname, "..", "..", "..", "lib", "policy", "pack");
const program = `
const all = require("pulumi-bucket-encryption");
for (const [name, { is, ...args }] of Object.entries(JSON.parse(process.env.DECLARED))) new all[is](name, args);
`;

/** What only the real engine shows: which calls a program and a provider get in which operation, and what it prints of their failures. */
describe("findings about the cloud with the pulumi CLI", function () {
    this.timeout(300_000);
    let cloud: LocalCloud;
    let stack: BucketStack;

    before(async function () {
        await needCommands(this, "pulumi");
    });
    beforeEach(async () => {
        cloud = await LocalCloud.start();
        for (const name of names) cloud.createBucket({ name });
        stack = await new BucketStack(cloud).start();
        writeFileSync(path.join(stack.folder, "index.js"), program);
        stack.useRealEngine();
    });
    afterEach(async () => {
        stack.remove();
        await cloud.stop();
    });

    const rules = () => names.map((name) => cloud.bucketRule(name)?.sseAlgorithm);
    const weaken = () => {
        for (const name of ["b-one", "d-one"]) cloud.setBucketRule(name, { sseAlgorithm: "KMS" });
    };
    const each = Object.fromEntries(
        names.map((bucket) => [bucket, { is: "BucketEncryption", bucket, sseAlgorithm: "AES256" }]),
    );
    const set = { fleet: { is: "BucketEncryptionSet", buckets: names, sseAlgorithm: "AES256" } };
    const done = ["AES256", "KMS", "AES256", "KMS"];

    it("end a preview, also the one of `up`, and fail only their own buckets in the deployment itself", async () => {
        weaken();
        stack.declare(each);
        for (const args of [["preview"], ["up", "--yes"], ["up", "--yes", "--continue-on-error"]]) {
            const { status, output } = await stack.command(...args);
            expect(status, output).not.to.equal(0);
            expect(output).to.include("would weaken it").and.not.to.include("Updating (dev)");
            expect(rules()).to.deep.equal([undefined, "KMS", undefined, "KMS"]);
        }
        const { status, output } = await stack.command("up", "--yes", "--skip-preview", "--continue-on-error");
        expect(status).to.equal(1);
        for (const name of ["b-one", "d-one"])
            expect(output).to.include(`Bucket ${name} has a default encryption rule already`);
        expect(rules()).to.deep.equal(done);
        const state = await stack.succeed("stack", "export");
        expect(state).to.include("sseAlgorithm").and.not.to.include("__preview");
        // The mark of a preview makes no difference in a refresh.
        expect(await stack.succeed("refresh", "--yes", "--skip-preview")).to.include("3 unchanged");
        await stack.succeed("destroy", "--yes", "--skip-preview");
        expect(rules()).to.deep.equal([undefined, "KMS", undefined, "KMS"]);
    });

    it("leave the other buckets of a set their rules, and end the next preview with all of them", async () => {
        weaken();
        stack.declare(set);
        const deployed = await stack.command("up", "--yes", "--skip-preview");
        expect(deployed.status, deployed.output).to.equal(1);
        expect(deployed.output).to.include("2 with weaker-rule (b-one, d-one)");
        expect(rules()).to.deep.equal(done);
        const preview = await stack.command("preview");
        expect(preview.status).to.equal(1);
        expect(preview.output).to.match(
            /Buckets that failed would fail again: sseAlgorithm: 2 buckets have a rule already .* \(b-one, d-one\)/,
        );
    });

    it("that a policy makes are in the review of the streamed preview, and stop the gate for both formats", async () => {
        stack.declare(each);
        writeFileSync(
            path.join(stack.folder, "policies.json"),
            JSON.stringify({ "allowed-algorithms": { enforcementLevel: "mandatory", algorithms: ["KMS"] } }),
        );
        const flags = ["--policy-pack", pack, "--policy-pack-config", path.join(stack.folder, "policies.json")];
        for (const streamed of ["", "1"]) {
            stack.environment = { ...stack.environment, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: streamed };
            const { status, stdout } = await stack.command("preview", "--json", ...flags);
            expect(status).to.equal(1);
            const gate = await run(bucketEncryption, ["review", "-"], { stdin: stdout, cwd: stack.folder });
            expect(gate.status, gate.output).to.equal(2);
            // Lines are folded to the terminal's width.
            const text = gate.output.replaceAll(/\s+/g, " ");
            if (streamed === "") expect(text).to.include("set PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1");
            else
                expect(text).to.match(
                    /REFUSED by the policy bucket-encryption\/allowed-algorithms: .* AES256 is not among the allowed/,
                );
        }
    });

    it("of a preview that could not start are a failed preview", async () => {
        stack.declare(each);
        const { status, stdout } = await stack.command("preview", "--json", "--policy-pack", stack.folder);
        expect(status).not.to.equal(0);
        const gate = await run(bucketEncryption, ["review", "-"], { stdin: stdout, cwd: stack.folder });
        expect(gate.status, gate.output).to.equal(2);
        expect(gate.output).to.include("the document does not show that the preview ended");
    });

    it("of the program are shown without a stack, also where an output finds them", async () => {
        stack.declare({
            fleet: { is: "EncryptionBaseline", select: { patterns: ["nothing-*"] }, sseAlgorithm: "AES256" },
        });
        const { status, output } = await stack.command("preview");
        expect(status).to.equal(1);
        expect(output).to.include('error: The baseline "fleet" selects no bucket. ');
        expect(output, "a stack trace").not.to.match(/^\s+at /m);
    });

    it("are warnings where a rule is not read in time", async () => {
        stack.declare({ late: { is: "BucketEncryption", bucket: "a-one", sseAlgorithm: "AES256" } });
        cloud.faults.add({ kind: "latency", milliseconds: 15_000, bucket: "a-one" });
        const { status, output } = await stack.command("preview");
        expect(status, output).to.equal(0);
        expect(output).to.include(
            "warning: unreachable: the rule of bucket a-one is not known: The rule was not read in time",
        );
    });
});
