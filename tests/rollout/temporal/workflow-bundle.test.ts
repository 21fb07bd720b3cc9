import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";

const compiled = path.resolve("dist/rollout/temporal");

/** What a worker does when it starts: loads the codec, and makes or finds the workflows' bundle. Prints what the codec encodes. */
const worker = `
const { dataConverter } = require(${JSON.stringify(path.join(compiled, "payload-codec.js"))});
const { workflowBundle } = require(${JSON.stringify(path.join(compiled, "worker", "workflow-bundle.js"))});
(async () => {
    const converter = await dataConverter(require("node:path").resolve("codec.js"), "worker", process.env);
    const bundle = await workflowBundle(converter.failureConverterPath, process.env);
    const [encoded] = await converter.payloadCodecs[0].encode([{}]);
    console.log(JSON.stringify({ bundle, encoded }));
})();
`;

/** Stands for the SDK's bundler: counts its calls, and bundles the version of the package that the workflows use. */
const bundler = `
const fs = require("node:fs");
exports.DefaultLogger = class {};
exports.bundleWorkflowCode = async ({ failureConverterPath }) => {
    fs.appendFileSync("bundled.log", ".");
    return { code: require("@temporalio/common/package.json").version + " " + fs.existsSync(failureConverterPath) };
};
`;

describe("the bundle of workflows in the cache folder", function () {
    this.timeout(60_000);
    let folder: string;
    const at = (...names: string[]) => path.join(folder, ...names);
    const install = (name: string, version: string, main = "", dependencies: object = {}) => {
        mkdirSync(at("node_modules", name), { recursive: true });
        writeFileSync(at("node_modules", name, "package.json"), JSON.stringify({ name, version, dependencies }));
        writeFileSync(at("node_modules", name, "index.js"), main);
    };
    const useCodec = (mark: string) =>
        writeFileSync(
            at("codec.js"),
            `exports.payloadCodecs = [{ encode: async () => ["${mark}"], decode: async (payloads) => payloads }];`,
        );
    const start = () => {
        const env = { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: at("cache") };
        return JSON.parse(execFileSync(process.execPath, ["-e", worker], { cwd: folder, env, encoding: "utf8" }));
    };
    const bundled = () => readFileSync(at("bundled.log"), "utf8").length;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "workflow-bundle-"));
        install("@temporalio/worker", "1.0.0", bundler);
        install("@temporalio/workflow", "1.0.0", "", { "@temporalio/common": "1.0.0", long: "5.0.0" });
        install("@temporalio/common", "1.0.0");
        useCodec("first");
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("contains no payload codec, so a worker that starts after an edit uses the edited one", () => {
        expect(start()).to.deep.equal({ bundle: "1.0.0 true", encoded: "first" });
        useCodec("second");
        expect(start()).to.deep.equal({ bundle: "1.0.0 true", encoded: "second" });
        expect(bundled()).to.equal(1);
        const cached = readdirSync(at("cache", "pulumi-bucket-encryption")).map((name) =>
            readFileSync(at("cache", "pulumi-bucket-encryption", name), "utf8"),
        );
        expect(cached).to.have.length(2);
        expect(cached.join("\n")).to.include("encodeCommonAttributes").and.not.include("first");
    });

    it("is made again when a package of the SDK that the workflows need has another version", () => {
        expect(start().bundle).to.equal("1.0.0 true");
        install("@temporalio/common", "1.0.1");
        expect(start().bundle).to.equal("1.0.1 true");
        expect(bundled()).to.equal(2);
    });
});
