import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { accountIssues } from "../../lib/accounts";
import { accountParts, bucketEncryptionSetType, bucketEncryptionType, nativeTypes } from "../../lib/declaration";
import { packageSchema } from "../../lib/plugin";
import { defaultStoreFamily } from "../../lib/stores";
import manifest from "../../package.json";

interface PropertySpec {
    readonly type?: string;
    readonly $ref?: string;
    readonly description?: string;
    readonly willReplaceOnChanges?: boolean;
}
interface TypeSpec {
    readonly properties: Readonly<Record<string, PropertySpec>>;
    readonly required?: readonly string[];
}
interface ResourceSpec extends TypeSpec {
    readonly inputProperties: Readonly<Record<string, PropertySpec>>;
    readonly requiredInputs: readonly string[];
    readonly aliases: readonly { readonly type: string }[];
    readonly stateInputs?: TypeSpec;
    readonly listInputs?: TypeSpec;
}

const root = path.join(__dirname, "..", "..");
const schema = packageSchema(manifest.version) as unknown as {
    readonly name: string;
    readonly version: string;
    readonly language: Readonly<Record<string, { packageName?: string }>>;
    readonly types: Readonly<Record<string, TypeSpec>>;
    readonly resources: Readonly<Record<string, ResourceSpec>>;
    readonly provider: { readonly inputProperties: Readonly<Record<string, PropertySpec>> };
    readonly functions: Readonly<Record<string, { inputs: TypeSpec; outputs: TypeSpec }>>;
};
const single = schema.resources[nativeTypes.bucketEncryption] as ResourceSpec;
const set = schema.resources[nativeTypes.bucketEncryptionSet] as ResourceSpec;
const lookup = schema.functions[nativeTypes.getBucketEncryption];

/** The members of a type that the package exports: every name in any part of a union, and those that every part requires. */
function membersOf(): (name: string) => { readonly all: string[]; readonly required: string[] } {
    const file = path.join(root, "lib", "native.ts");
    const program = ts.createProgram([file], {
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        target: ts.ScriptTarget.ES2023,
        strict: true,
        skipLibCheck: true,
        types: ["node"],
    });
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    const exported = new Map((module ? checker.getExportsOfModule(module) : []).map((one) => [one.name, one]));
    return (name) => {
        const symbol = exported.get(name);
        if (symbol === undefined) throw new Error(`there is no ${name}`);
        const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        const type = checker.getDeclaredTypeOfSymbol(real);
        const parts = type.isUnion() ? type.types : [type];
        const ofParts = parts.map((part) => part.getProperties().filter((member) => isDeclaredHere(member)));
        const all = [...new Set(ofParts.flat().map((member) => member.name))].sort();
        const isRequired = (wanted: string) =>
            ofParts.every((members) =>
                members.some((member) => member.name === wanted && !(member.flags & ts.SymbolFlags.Optional)),
            );
        return { all, required: all.filter(isRequired) };
    };
}

const isDeclaredHere = (member: ts.Symbol): boolean =>
    !member.name.startsWith("_") &&
    (member.declarations ?? []).every((one) => !one.getSourceFile().fileName.includes("node_modules"));

const sorted = (names: Iterable<string>): string[] => [...names].sort();

describe("the package schema", () => {
    const typed = membersOf();

    it("has the name, the version of the package, and the tokens that stand in every state", () => {
        expect([schema.name, schema.version]).to.deep.equal(["bucket-encryption", manifest.version]);
        expect(Object.keys(schema.resources)).to.deep.equal([
            "bucket-encryption:index:BucketEncryption",
            "bucket-encryption:index:BucketEncryptionSet",
        ]);
        expect(Object.keys(schema.functions)).to.deep.equal(["bucket-encryption:index:getBucketEncryption"]);
    });

    it("names the module that printed programs import, and that the package exports", () => {
        expect(schema.language.nodejs?.packageName).to.equal("pulumi-bucket-encryption/native");
        expect(manifest.exports).to.have.property("./native");
    });

    it("makes resources of the dynamic types these ones without a change", () => {
        expect(single.aliases).to.deep.equal([{ type: bucketEncryptionType }]);
        expect(set.aliases).to.deep.equal([{ type: bucketEncryptionSetType }]);
    });

    it("is the one that the build writes beside the plugin", () => {
        const written = readFileSync(path.join(root, "plugin", "schema.json"), "utf8");
        expect(JSON.parse(written)).to.deep.equal(JSON.parse(JSON.stringify(schema)));
    });

    it("has the arguments of the TypeScript types, with the same ones required", () => {
        const args = typed("BucketEncryptionArgs");
        expect(sorted(Object.keys(single.inputProperties))).to.deep.equal(args.all);
        expect(args.required).to.include("bucket");
        expect(sorted(single.requiredInputs)).to.deep.equal(args.required);
        const setArgs = typed("BucketEncryptionSetArgs");
        expect(sorted(Object.keys(set.inputProperties))).to.deep.equal(setArgs.all);
        expect(sorted(set.requiredInputs)).to.deep.equal(setArgs.required);
        expect(sorted(Object.keys(schema.provider.inputProperties))).to.deep.equal(typed("ProviderArgs").all);
        expect(sorted(Object.keys(lookup?.inputs.properties ?? {}))).to.deep.equal(typed("RuleLookupArgs").all);
    });

    it("has the outputs of the class, besides what only people and engines read", () => {
        const outputs = typed("BucketEncryption").all;
        const ofSchema = Object.keys(single.properties).filter((name) => name !== "unconfirmed");
        expect(sorted(ofSchema)).to.deep.equal(outputs);
        expect(outputs).to.include.members(["previousRule", "writtenRule"]);
    });

    it("has the parts of an account that the types have and the check takes", () => {
        const names = typed("AccountArgs").all;
        expect(sorted(Object.keys(schema.types["bucket-encryption:index:Account"]?.properties ?? {}))).to.deep.equal(
            names,
        );
        expect(sorted(Object.keys(accountParts))).to.deep.equal(names);
        const anyValue = Object.fromEntries([...names, "other"].map((name) => [name, Symbol("known later")]));
        const unknown = accountIssues(anyValue, defaultStoreFamily.account).filter(({ message }) =>
            message.startsWith("is not part of it"),
        );
        expect(unknown.map(({ path: at }) => at)).to.deep.equal(["account.other"]);
        const role = typed("RoleArgs");
        expect(sorted(Object.keys(schema.types["bucket-encryption:index:Role"]?.properties ?? {}))).to.deep.equal(
            role.all,
        );
        expect(schema.types["bucket-encryption:index:Role"]?.required).to.deep.equal(role.required);
    });

    it("describes each argument as the documentation does", () => {
        const page = readFileSync(path.join(root, "docs", "resource.md"), "utf8").replace(
            /\[([^\]]+)\]\([^)]+\)/g,
            "`docs/$1` of the npm package",
        );
        for (const [name, { description = "" }] of Object.entries(single.inputProperties)) {
            const meaning = description.replace(/ (One|Any) of `.*$/, "");
            expect(page, name).to.include(`| \`${name}\` |`).and.include(meaning);
        }
    });

    it("marks what replaces a resource, and refers only to types that it has", () => {
        const replacing = Object.entries(single.inputProperties).filter(([, spec]) => spec.willReplaceOnChanges);
        expect(replacing.map(([name]) => name)).to.deep.equal(["bucket", "store"]);
        const references = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/types\/([^"]+)"/g)].map(
            ([, token]) => token,
        );
        expect(references).to.include("bucket-encryption:index:Account");
        expect(references.filter((token) => !Object.hasOwn(schema.types, token ?? ""))).to.deep.equal([]);
    });

    it("lets existing rules be found by how their buckets are reached", () => {
        expect(sorted(Object.keys(single.stateInputs?.properties ?? {}))).to.deep.equal(
            sorted(["bucket", ...Object.keys(single.listInputs?.properties ?? {})]),
        );
        expect(Object.keys(single.listInputs?.properties ?? {})).to.include.members(["store", "region", "account"]);
    });
});
