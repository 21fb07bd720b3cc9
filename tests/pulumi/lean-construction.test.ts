import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { argumentNames, sharedArgumentNames } from "../../lib/declaration";
import type { RunOptions, RunResult } from "../../lib/engine";
import { LocalCloud } from "../../lib/local-cloud";
import { TemporaryStack } from "../../lib/testing";

const outputNames = [...argumentNames, "previousRule", "unrecognized"];

describe("a resource that is constructed cheaply", function () {
    this.timeout(60_000);
    let cloud: LocalCloud;
    let folder: string;
    let stack: TemporaryStack;

    before(async () => {
        cloud = await LocalCloud.start();
        for (const name of ["lean-logs", "lean-audit", "lean-other"]) cloud.createBucket({ name });
        cloud.setBucketRule("lean-other", { sseAlgorithm: "SM4" });
        folder = mkdtempSync(join(tmpdir(), "lean-construction-"));
        symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
        mkdirSync(join(folder, "shop"));
        writeFileSync(
            join(folder, "shop", "Pulumi.yaml"),
            "name: shop\nruntime: { name: nodejs, options: { typescript: false } }\n",
        );
        writeFileSync(join(folder, "shop", "package.json"), '{ "name": "shop" }');
        declare("");
        stack = await TemporaryStack.create({
            folder: join(folder, "shop"),
            environment: {
                OSS_ENDPOINT: cloud.url,
                OSS_REGION: "cn-hangzhou",
                ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
                ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
            },
        });
    });
    after(async () => {
        stack?.dispose();
        rmSync(folder, { recursive: true, force: true });
        await cloud?.stop();
    });

    function declare(body: string): void {
        writeFileSync(
            join(folder, "shop", "index.js"),
            `const pulumi = require("@pulumi/pulumi");
            const { BucketEncryption } = require("pulumi-bucket-encryption");
            const names = ${JSON.stringify(outputNames)};
            /** Every output of a resource, by name; one without a value as "none", and one that is not known as "unknown". */
            const outputsOf = (resource, of = names) => pulumi.all(of.map((name) => pulumi.output(
                (async () => (await resource[name].isKnown) ? (await resource[name].promise()) ?? "none" : "unknown")(),
            ))).apply((values) => Object.fromEntries(of.map((name, index) => [name, values[index]])));
            ${body}`,
        );
    }

    async function run(verb: "preview" | "up", options: RunOptions = {}): Promise<RunResult> {
        const result = await stack.engine[verb](options);
        expect(result.succeeded, result.messages.join("\n")).to.equal(true);
        return result;
    }

    const none = Object.fromEntries(outputNames.map((name) => [name, "none"]));

    it("resolves every output in an update, given or not, and names none that was not given", async () => {
        declare(`const logs = new BucketEncryption("logs", { bucket: "lean-logs", sseAlgorithm: "AES256", onDelete: "retain" });
            exports.named = names.filter((name) => Object.hasOwn(logs, name));
            exports.outputs = outputsOf(logs);
            exports.limit = Error.stackTraceLimit;
            exports.applied = pulumi.interpolate\`\${logs.region ?? "no output"} \${logs.bucket}\`;`);
        const { outputs } = await run("up");
        expect(outputs?.named).to.include.members(["bucket", "sseAlgorithm", "onDelete", "previousRule"]);
        expect(outputs?.named).to.not.include.members(["region", "account", "proveKey"]);
        expect(outputs?.outputs).to.deep.equal({
            ...none,
            bucket: "lean-logs",
            sseAlgorithm: "AES256",
            onDelete: "retain",
        });
        expect(outputs?.limit).to.equal(10);
        expect(outputs?.applied).to.equal("undefined lean-logs");
    });

    it("gives unknown outputs without a value in a preview", async () => {
        declare(
            `exports.outputs = outputsOf(new BucketEncryption("audit", { bucket: "lean-audit", sseAlgorithm: "AES256" }));`,
        );
        const { outputs } = (await run("preview")).outputs as { outputs: Record<string, unknown> };
        expect(outputs).to.include({
            bucket: "lean-audit",
            sseAlgorithm: "AES256",
            region: "unknown",
            account: "unknown",
        });
    });

    it("gives get, transformations and transforms the same properties as before, and outputs their values", async () => {
        declare(`const seen = {};
            const args = { bucket: "lean-audit", sseAlgorithm: "AES256" };
            const changed = new BucketEncryption("changed", args, { transformations: [({ props, opts }) => {
                seen.transformation = Object.keys(props).filter((name) => names.includes(name)).length;
                return { props: { ...props, region: "cn-hangzhou" }, opts };
            }] });
            const transformed = new BucketEncryption("transformed", { ...args, bucket: "lean-logs" }, {
                transforms: [({ props, opts }) => {
                    seen.transform = Object.keys(props).filter((name) => names.includes(name)).sort();
                    return { props: { ...props, region: "cn-hangzhou" }, opts };
                }],
            });
            const found = BucketEncryption.get("found", "lean-other");
            exports.regions = pulumi.all([changed.region, transformed.region]);
            exports.found = outputsOf(found);
            exports.seen = transformed.region.apply(() => seen);`);
        const { outputs } = await run("preview");
        expect(outputs?.seen).to.deep.equal({
            transformation: outputNames.length,
            transform: ["bucket", "sseAlgorithm"],
        });
        expect(outputs?.regions).to.deep.equal(["cn-hangzhou", "cn-hangzhou"]);
        expect(outputs?.found).to.include({ bucket: "lean-other", sseAlgorithm: "SM4" });
    });

    it("keeps the trace of an error in the constructor and of a registration that fails later", async () => {
        declare(`const args = { bucket: "lean-audit", sseAlgorithm: "AES256" };
            const failures = {};
            function declareWrongly() {
                new BucketEncryption("", args);
            }
            try { declareWrongly(); } catch (error) { failures.atOnce = error.stack; }
            failures.limit = Error.stackTraceLimit;
            console.log("failures " + JSON.stringify(failures));
            function declareForLater() {
                new BucketEncryption("later", args, { transforms: [() => { throw new Error("no"); }] });
            }
            declareForLater();`);
        const printed: string[] = [];
        const { succeeded, messages } = await stack.engine.preview({
            listener: (event) => {
                if (event.kind === "diagnostic" && event.message.startsWith("failures ")) printed.push(event.message);
            },
        });
        expect(succeeded).to.equal(false);
        const failures = JSON.parse((printed[0] ?? "").replace("failures ", ""));
        expect(failures.atOnce).to.match(/Missing resource name argument[\s\S]*at declareWrongly \(.*index\.js:/);
        expect(failures.limit).to.equal(10);
        expect(messages.join("\n")).to.match(
            /failed to register new resource later[\s\S]*at declareForLater \(.*index\.js:/,
        );
    });

    it("tells the engine the program's own frames, which it keeps in the state, and the place of the resource", async () => {
        declare(`const monitor = pulumi.runtime.getMonitor();
            const { registerResource } = monitor;
            const told = {};
            monitor.registerResource = (request, answered) => {
                const line = (position) => position && position.getUri().replace(/.*[/]node_modules[/]/, "").replace(/.*[/]/, "") + ":" + position.getLine();
                const frames = request.getStacktrace()?.getFramesList().map((frame) => line(frame.getPc()) ?? "none");
                told[request.getName()] = { place: line(request.getSourceposition()), frames };
                return registerResource.call(monitor, request, answered);
            };
            const { resources } = require("./resources.js");
            exports.told = pulumi.all(resources().map(({ urn }) => urn)).apply(() => JSON.stringify(told));`);
        writeFileSync(
            join(folder, "shop", "resources.js"),
            `const { BucketEncryption, BucketEncryptionSet } = require("pulumi-bucket-encryption");
            exports.resources = () => [
                new BucketEncryption("logs", { bucket: "lean-logs", sseAlgorithm: "AES256" }),
                new BucketEncryptionSet("set", { buckets: ["lean-audit"], sseAlgorithm: "AES256" }),
                new Plain("plain", {}, {}) ];
            class Plain extends require("@pulumi/pulumi").ComponentResource {
                constructor(name) { super("own:Plain", name); }
            }`,
        );
        const { outputs } = await run("preview");
        const told: Record<string, { place: string; frames: readonly string[] }> = JSON.parse(String(outputs?.told));
        const launcher = /^(run|stack)\.[jt]s:/;
        expect(told.plain?.frames[0]).to.equal("resources.js:5");
        expect(told.plain?.frames.filter((frame) => launcher.test(frame))).to.have.lengthOf.above(1);
        for (const [name, line] of Object.entries({ logs: 3, set: 4 })) {
            const { place, frames = [] } = told[name] ?? {};
            expect(place).to.equal(`resources.js:${line}`);
            expect(frames[0]).to.equal(place);
            expect(frames.some((frame) => frame.startsWith("index.js:"))).to.equal(true);
            expect(frames.filter((frame) => launcher.test(frame))).to.deep.equal([]);
        }
    });

    it("has every argument of a set as an output, and gives the engine only those that were given", async () => {
        const ofSet = [...sharedArgumentNames, "buckets", "selection", "exceptions", "exceptionsNotListed"];
        const given = { sseAlgorithm: "AES256", region: "cn-hangzhou", onDelete: "retain", existingRule: "overwrite" };
        declare(`const { BucketEncryptionSet } = require("pulumi-bucket-encryption");
            const fleet = new BucketEncryptionSet("fleet", { buckets: ["lean-logs", "lean-audit"], ...${JSON.stringify(given)} });
            exports.outputs = outputsOf(fleet, ${JSON.stringify(ofSet)});`);
        const { outputs } = await run("up");
        const absent = Object.fromEntries(ofSet.map((name) => [name, "none"]));
        expect(outputs?.outputs).to.deep.equal({ ...absent, ...given, buckets: 2 });
        const { deployment } = (await stack.engine.exportState()) as unknown as { deployment: { resources: State[] } };
        const fleet = deployment.resources.find(({ urn }) => urn.endsWith("::fleet"));
        expect(Object.keys(fleet?.inputs ?? {})).to.have.members([
            "__provider",
            "buckets",
            "members",
            ...Object.keys(given),
        ]);
    });
});

interface State {
    readonly urn: string;
    readonly inputs: object;
}
