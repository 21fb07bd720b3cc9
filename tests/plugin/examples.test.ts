import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { nativeTypes } from "../../lib/declaration";
import { packageSchema } from "../../lib/plugin";

interface Properties {
    readonly [name: string]: unknown;
}
interface Spec {
    readonly inputProperties: Properties;
    readonly requiredInputs: readonly string[];
}

const root = path.join(__dirname, "..", "..");
const schema = packageSchema("1.0.0") as unknown as {
    resources: Readonly<Record<string, Spec>>;
    functions: Readonly<Record<string, { inputs: { properties: Properties } }>>;
};
const text = (...names: string[]) => readFileSync(path.join(root, ...names), "utf8");
const token = (short: string) => short.replace(/^bucket-encryption:/, "bucket-encryption:index:");
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe("the examples in other languages", () => {
    const project = parse(text("examples", "yaml", "Pulumi.yaml")) as {
        plugins: { providers: { name: string; path: string }[] };
        resources: Record<string, { type: string; properties: Properties }>;
        variables: Record<string, { "fn::invoke": { function: string; arguments: Properties } }>;
    };

    it("declare in YAML what the schema has, with everything that it requires", () => {
        const used = Object.values(project.resources).map(({ type, properties }) => {
            const { inputProperties = {}, requiredInputs = [] } = schema.resources[token(type)] ?? {};
            expect(Object.keys(inputProperties)).to.include.members(Object.keys(properties));
            expect(Object.keys(properties)).to.include.members([...requiredInputs]);
            return token(type);
        });
        expect(used).to.have.members([nativeTypes.bucketEncryption, nativeTypes.bucketEncryptionSet]);
        for (const { "fn::invoke": call } of Object.values(project.variables)) {
            const inputs = schema.functions[token(call.function)]?.inputs.properties ?? {};
            expect(Object.keys(inputs)).to.include.members(Object.keys(call.arguments));
        }
    });

    it("run the plugin of the package that they are part of", () => {
        const [{ name, path: folder } = { name: "", path: "" }] = project.plugins.providers;
        expect(name).to.equal("bucket-encryption");
        expect(path.resolve(root, "examples", "yaml", folder)).to.equal(path.join(root, "plugin"));
    });

    it("declare in Python what the schema has", () => {
        const program = text("examples", "python", "__main__.py");
        const calls = [...program.matchAll(/encryption\.(\w+)\(([\s\S]*?)\n?\)\n/g)];
        expect(calls.map(([, name]) => name)).to.deep.equal([
            "BucketEncryption",
            "BucketEncryptionSet",
            "get_bucket_encryption_output",
        ]);
        for (const [, name = "", args = ""] of calls) {
            const resource = schema.resources[`bucket-encryption:index:${name}`]?.inputProperties;
            const known = resource ?? schema.functions[nativeTypes.getBucketEncryption]?.inputs.properties ?? {};
            const given = [...args.matchAll(/(?:^|[(,\s])(\w+)=/g)].map(([, argument]) => argument);
            expect(given.length, name).to.be.greaterThan(0);
            expect(Object.keys(known).map(snake), name).to.include.members(given);
        }
    });
});
