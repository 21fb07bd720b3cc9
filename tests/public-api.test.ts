import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import manifest from "../package.json";

const root = path.join(__dirname, "..");
const snapshot = path.join(__dirname, "public-api.txt");

/** What users may import, by the names under which the package exports it. */
const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
    typeof target === "object"
        ? [{ name: path.posix.join(manifest.name, name), file: path.join(root, target.types) }]
        : [],
);

const format =
    ts.TypeFormatFlags.NoTruncation |
    ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType |
    ts.TypeFormatFlags.InTypeAlias;

/** Each export with its members and their types, in an order that only the API decides. */
function describeApi(): string {
    const options: ts.CompilerOptions = {
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        target: ts.ScriptTarget.ES2023,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: true,
        types: ["node"],
    };
    const program = ts.createProgram(
        entries.map(({ file }) => file),
        options,
    );
    const checker = program.getTypeChecker();
    const textOf = (type: ts.Type): string => checker.typeToString(type, undefined, format).replaceAll(`${root}/`, "");
    const isPublic = (member: ts.Symbol): boolean =>
        !/^(__|#)/.test(member.name) &&
        (member.declarations ?? []).every(
            (declaration) =>
                !declaration.getSourceFile().fileName.includes("node_modules/@pulumi") &&
                (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) ===
                    0,
        );
    const membersOf = (type: ts.Type): string[] =>
        type
            .getProperties()
            .filter(isPublic)
            .map((member) => {
                const optional = member.flags & ts.SymbolFlags.Optional ? "?" : "";
                return `    ${member.name}${optional}: ${textOf(checker.getTypeOfSymbol(member))}`;
            })
            .sort();
    const describe = (symbol: ts.Symbol): string[] => {
        const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        if (real.flags & ts.SymbolFlags.Class) {
            const constructors = checker.getTypeOfSymbol(real).getConstructSignatures();
            const made = constructors.map((one) => `    new ${checker.signatureToString(one, undefined, format)}`);
            const statics = membersOf(checker.getTypeOfSymbol(real)).filter((line) => !/^ {4}prototype:/.test(line));
            return [
                `class ${symbol.name}`,
                ...made,
                ...statics.map((line) => line.replace("    ", "    static ")),
                ...membersOf(checker.getDeclaredTypeOfSymbol(real)),
            ];
        }
        if (real.flags & ts.SymbolFlags.Value)
            return [`const ${symbol.name}: ${textOf(checker.getTypeOfSymbol(real))}`];
        const type = checker.getDeclaredTypeOfSymbol(real);
        if (type.isUnion())
            return [`type ${symbol.name} =`, ...type.types.map((part) => `    | ${textOf(part)}`).sort()];
        return [`type ${symbol.name}`, ...membersOf(type)];
    };
    return entries
        .flatMap(({ name, file }) => {
            const source = program.getSourceFile(file);
            const module = source && checker.getSymbolAtLocation(source);
            const exported = module === undefined ? [] : checker.getExportsOfModule(module);
            const ordered = [...exported].sort((a, b) => (a.name < b.name ? -1 : 1));
            return [`# ${name}`, "", ...ordered.flatMap((symbol) => [...describe(symbol), ""])];
        })
        .join("\n");
}

describe("the public API", () => {
    it("is the one of tests/public-api.txt (UPDATE_API=1 rewrites it; name the change in CHANGELOG.md)", () => {
        const now = describeApi();
        expect(now).to.include("class BucketEncryption\n").and.include("class EmbeddedEngine\n");
        if (process.env.UPDATE_API === "1") writeFileSync(snapshot, now);
        expect(now).to.equal(readFileSync(snapshot, "utf8"));
    });
});
