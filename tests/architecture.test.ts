import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { storeFamilies } from "../lib/stores";

const lib = path.join(__dirname, "..", "lib");

/** The rooms that a room may import, with the reason. `type:` allows types only. `docs/architecture.md` describes the rooms. */
const allowedImports: Record<string, { readonly rooms: readonly string[]; readonly because: string }> = {
    ".": {
        rooms: ["errors", "pulumi", "engine", "local-cloud", "type:rollout"],
        because: "the package's faces only re-export",
    },
    cli: {
        rooms: [
            "pulumi",
            "provider",
            "declaration",
            "lifecycle",
            "stores",
            "accounts",
            "rule",
            "errors",
            "migration",
            "review",
            "doctor",
            "rollout",
            "engine",
            "local-cloud",
            "text",
            "documents",
            "files",
        ],
        because: "commands put everything together",
    },
    rollout: {
        rooms: [
            "review",
            "provider",
            "declaration",
            "accounts",
            "rule",
            "documents",
            "errors",
            "text",
            "files",
            "parallel",
            "values",
        ],
        because: "it drives engines through a port, and knows their events alone",
    },
    review: {
        rooms: ["declaration", "stores", "accounts", "rule", "errors", "text", "parallel"],
        because: "it says what changes and buckets mean, and deploys nothing",
    },
    doctor: {
        rooms: ["stores", "type:accounts", "rule", "errors", "text"],
        because: "it examines what ports tell it, and makes no request of its own",
    },
    migration: {
        rooms: ["declaration", "rule", "stores", "errors", "text", "documents"],
        because: "it writes states as this package does, asks a family which rules it has, and makes no request",
    },
    pulumi: {
        rooms: ["provider", "declaration", "type:stores", "type:accounts", "errors", "text"],
        because: "it translates the host's verbs",
    },
    plugin: {
        rooms: ["provider", "declaration", "errors"],
        because: "it translates the messages of the plugin protocol",
    },
    provider: {
        rooms: ["lifecycle", "declaration", "stores", "accounts", "rule", "files", "errors", "values"],
        because: "it composes what every entry point of the provider needs, and knows no entry point",
    },
    policy: {
        rooms: ["declaration", "rule", "stores", "errors", "text"],
        because:
            "a policy judges what is declared, by what the families of stores say of themselves, and makes no request",
    },
    lifecycle: {
        rooms: ["declaration", "rule", "errors", "parallel", "type:stores"],
        because: "it knows the port of the stores, and no store",
    },
    declaration: { rooms: ["rule", "errors", "values"], because: "it reads what was declared, and makes no request" },
    stores: {
        rooms: ["rule", "errors", "text", "parallel", "type:accounts", "values"],
        because: "a store gets its credentials from its caller, and makes a service's texts safe at the door",
    },
    accounts: { rooms: ["errors", "values"], because: "whose requests they are has nothing to do with buckets" },
    documents: { rooms: ["errors", "text"], because: "it reads the files of others, and knows no content" },
    text: { rooms: [], because: "every room that writes for people may use it" },
    errors: { rooms: [], because: "everything may throw them" },
    rule: { rooms: [], because: "the domain is pure" },
    values: { rooms: [], because: "every room that compares values by their members may use it" },
    parallel: { rooms: [], because: "every room that works on many things may use it" },
    files: { rooms: [], because: "it writes whole files and keeps processes apart, whatever they work on" },
    engine: {
        rooms: ["errors", "text", "documents", "files"],
        because: "a deployment engine knows nothing of buckets",
    },
    "local-cloud": { rooms: ["files"], because: "code shared with the clients would share their bugs" },
};

/** Packages that belong to some rooms alone. */
const reservedPackages: readonly {
    readonly name: RegExp;
    readonly rooms: readonly string[];
    readonly because: string;
}[] = [
    {
        name: /^@pulumi\/pulumi(?!\/(proto|automation)(\/|$))/,
        rooms: ["pulumi"],
        because: "only lib/pulumi knows Pulumi's resource model; the engine speaks its protocol",
    },
    {
        name: /^@pulumi\/pulumi\/automation/,
        rooms: ["rollout"],
        because: "only a rollout drives the CLI through the Automation API",
    },
    {
        name: /^@pulumi\/pulumi\/proto\//,
        rooms: ["engine", "plugin"],
        because: "only the engine and the plugin speak Pulumi's protocol",
    },
    {
        name: /^@pulumi\/policy/,
        rooms: ["policy"],
        because: "it is an optional peer dependency, of policy packs alone",
    },
    { name: /^@alicloud\/credentials/, rooms: ["accounts"], because: "credentials come from one place" },
    { name: /^@aws-sdk\//, rooms: ["stores"], because: "only the S3 adapter speaks to AWS" },
    { name: /^@grpc\//, rooms: ["engine", "plugin"], because: "only the engine and the plugin speak gRPC" },
    {
        name: /^@temporalio\//,
        rooms: ["rollout"],
        because: "they are optional peers, of rollouts on Temporal alone",
    },
    { name: /^commander/, rooms: ["cli"], because: "only commands read arguments" },
];

interface ImportStatement {
    readonly file: string;
    readonly specifier: string;
    readonly typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
    return readdirSync(folder).flatMap((name) => {
        const file = path.join(folder, name);
        return statSync(file).isDirectory() ? sourceFiles(file) : file.endsWith(".ts") ? [file] : [];
    });
}

function importsOf(file: string): ImportStatement[] {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    const found: ImportStatement[] = [];
    const add = (specifier: ts.Node, typeOnly: boolean) => {
        if (ts.isStringLiteralLike(specifier)) found.push({ file, specifier: specifier.text, typeOnly });
    };
    const visit = (node: ts.Node): void => {
        if (ts.isImportDeclaration(node)) {
            const clause = node.importClause;
            const named = clause?.namedBindings;
            const allTypes =
                clause !== undefined &&
                clause.name === undefined &&
                named !== undefined &&
                ts.isNamedImports(named) &&
                named.elements.every((element) => element.isTypeOnly);
            add(node.moduleSpecifier, clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || allTypes);
        } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, node.isTypeOnly);
        else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
        else if (ts.isCallExpression(node) && node.arguments[0]) {
            const { expression } = node;
            const isRequire =
                ts.isIdentifier(expression) && expression.text === "require"
                    ? true
                    : expression.kind === ts.SyntaxKind.ImportKeyword ||
                      (ts.isPropertyAccessExpression(expression) && expression.getText() === "require.resolve");
            if (isRequire) add(node.arguments[0], false);
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

function namedImportsOf(file: string): { readonly specifier: string; readonly names: readonly string[] }[] {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    return source.statements.flatMap((statement) => {
        if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
        const { text: specifier } = statement.moduleSpecifier;
        const bindings = statement.importClause?.namedBindings;
        if (!specifier.startsWith(".") || bindings === undefined || !ts.isNamedImports(bindings)) return [];
        return [{ specifier, names: bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text) }];
    });
}

/** The values that a room's index.ts exports again. A class may be offered as a type alone. */
function offeredBy(room: string): ReadonlySet<string> {
    const file = path.join(lib, room, "index.ts");
    if (!existsSync(file)) return new Set();
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    return new Set(
        source.statements.flatMap((statement) =>
            ts.isExportDeclaration(statement) &&
            !statement.isTypeOnly &&
            statement.exportClause &&
            ts.isNamedExports(statement.exportClause)
                ? statement.exportClause.elements.flatMap(({ name, isTypeOnly }) => (isTypeOnly ? [] : [name.text]))
                : [],
        ),
    );
}

interface TextLiteral {
    readonly text: string;
    /** Whether it is a part of a type. */
    readonly isType: boolean;
    /** Whether it is compared: by an operator, a case, or membership of a list. */
    readonly isCompared: boolean;
}

function textsIn(file: string): TextLiteral[] {
    const found: TextLiteral[] = [];
    const comparing = [
        ts.SyntaxKind.EqualsEqualsEqualsToken,
        ts.SyntaxKind.ExclamationEqualsEqualsToken,
        ts.SyntaxKind.EqualsEqualsToken,
        ts.SyntaxKind.ExclamationEqualsToken,
    ];
    const visit = (node: ts.Node): void => {
        if (ts.isStringLiteralLike(node)) {
            const { parent } = node;
            const isCompared =
                (ts.isBinaryExpression(parent) && comparing.includes(parent.operatorToken.kind)) ||
                ts.isCaseClause(parent) ||
                (ts.isCallExpression(parent) &&
                    /\.(includes|indexOf|has|startsWith|endsWith|test)$/.test(parent.expression.getText()));
            found.push({ text: node.text, isType: ts.isLiteralTypeNode(parent), isCompared });
        }
        ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
    return found;
}

function roomOf(file: string): string {
    const relative = path.relative(lib, file);
    return relative.includes(path.sep) ? (relative.split(path.sep)[0] as string) : ".";
}

const allImports = sourceFiles(lib).flatMap(importsOf);

describe("architecture", () => {
    it("has a rule for every room, and a room for every rule", () => {
        const rooms = new Set(sourceFiles(lib).map(roomOf));
        expect([...rooms].sort()).to.deep.equal(Object.keys(allowedImports).sort());
    });

    for (const [room, { rooms, because }] of Object.entries(allowedImports)) {
        it(`lets ${room === "." ? "the package's entry files" : room} import only ${rooms.join(", ") || "nothing of ours"}: ${because}`, () => {
            const wrong = allImports
                .filter(({ file, specifier }) => roomOf(file) === room && specifier.startsWith("."))
                .map((statement) => ({
                    ...statement,
                    target: roomOf(path.resolve(path.dirname(statement.file), statement.specifier, "x")),
                }))
                .filter(({ target }) => target !== room && !(room === "." && target === "."))
                .filter(
                    ({ target, typeOnly }) =>
                        !rooms.includes(target) && !(typeOnly && rooms.includes(`type:${target}`)),
                )
                .map(({ file, specifier }) => `${path.relative(lib, file)} imports ${specifier}`);
            expect(wrong).to.deep.equal([]);
        });
    }

    it("enters every room through its index.ts", () => {
        const bypasses = allImports
            .filter(({ specifier }) => specifier.startsWith("."))
            .map(({ file, specifier }) => ({
                from: path.relative(lib, file),
                to: path.relative(lib, path.resolve(path.dirname(file), specifier)),
            }))
            .filter(({ from, to }) => to.includes(path.sep) && to.split(path.sep)[0] !== roomOf(path.join(lib, from)))
            .filter(({ to }) => to.split(path.sep)[1] !== "index")
            .map(({ from, to }) => `${from} -> ${to}`);
        expect([...new Set(bypasses)].sort()).to.deep.equal([]);
    });

    // A test reaches behind a door for one part that it needs alone, such as a store without its family. What the door offers, it takes there.
    it("has no test that imports from another room's file what its index.ts exports", () => {
        const tests = sourceFiles(__dirname).filter((file) => !file.endsWith("architecture.test.ts"));
        const bypasses = tests.flatMap((file) => {
            const [testedRoom] = path.relative(__dirname, file).split(path.sep);
            return namedImportsOf(file).flatMap(({ specifier, names }) => {
                const [room = "", part] = path
                    .relative(lib, path.resolve(path.dirname(file), specifier))
                    .split(path.sep);
                const isBypass = allowedImports[room] !== undefined && part !== undefined && part !== "index";
                if (!isBypass || room === testedRoom) return [];
                const offered = offeredBy(room);
                return names
                    .filter((name) => offered.has(name))
                    .map((name) => `${path.relative(__dirname, file)} takes ${name} from lib/${room}/${part}`);
            });
        });
        expect(offeredBy("errors")).to.include("UserError");
        expect(bypasses).to.deep.equal([]);
    });

    for (const { name, rooms, because } of reservedPackages) {
        it(`keeps the packages ${name.source} to ${rooms.join(", ")}: ${because}`, () => {
            const wrong = allImports
                .filter(({ specifier, file }) => name.test(specifier) && !rooms.includes(roomOf(file)))
                .map(({ file, specifier }) => `${path.relative(lib, file)} imports ${specifier}`);
            expect(wrong).to.deep.equal([]);
        });
    }

    const storeNames = Object.keys(storeFamilies);

    it("compares nothing with a family's name outside lib/stores and the local cloud, and writes such names only into rows of arguments and types", () => {
        const rows = ["rule", "declaration"];
        const wrong = sourceFiles(lib)
            .filter((file) => !["stores", "local-cloud"].includes(roomOf(file)))
            .flatMap((file) =>
                textsIn(file)
                    .filter(({ text, isType }) => storeNames.includes(text) && !isType)
                    .filter(({ isCompared }) => isCompared || !rows.includes(roomOf(file)))
                    .map(({ text }) => `${path.relative(lib, file)}: ${text}`),
            );
        expect(wrong).to.deep.equal([]);
    });

    it("makes folders with makeFolder, since Node's own recursive way never ends below /proc before version 24", () => {
        const own = /\bmkdir(Sync)?\([^;]*\brecursive\b/;
        const wrong = [...sourceFiles(lib), ...sourceFiles(path.resolve("bench"))].filter((file) =>
            own.test(readFileSync(file, "utf8")),
        );
        expect(own.test("mkdirSync(folder, { recursive: true });")).to.equal(true);
        expect(wrong).to.deep.equal([]);
    });

    it("keeps families of stores independent of each other", () => {
        const wrong = allImports.filter(({ file, specifier }) => {
            const [, , family] = path.relative(path.dirname(lib), file).split(path.sep);
            if (roomOf(file) !== "stores" || !storeNames.includes(family ?? "")) return false;
            const target = path.relative(path.join(lib, "stores"), path.resolve(path.dirname(file), specifier));
            return storeNames.some((name) => name !== family && target.split(path.sep)[0] === name);
        });
        expect(wrong).to.deep.equal([]);
    });

    it("loads nothing of Pulumi's SDK in what the provider host requires", () => {
        const loaded = new Set<string>();
        const packages = new Set<string>();
        const load = (file: string): void => {
            if (loaded.has(file)) return;
            loaded.add(file);
            for (const { specifier, typeOnly } of importsOf(file)) {
                if (typeOnly) continue;
                if (specifier.startsWith(".")) load(require.resolve(path.resolve(path.dirname(file), specifier)));
                else if (!specifier.startsWith("node:")) packages.add(specifier);
            }
        };
        load(path.join(lib, "pulumi", "provider.ts"));
        expect(loaded.size).to.be.greaterThan(5);
        expect([...packages].filter((name) => name.startsWith("@pulumi/"))).to.deep.equal([]);
    });

    it("has no cast through unknown or never", () => {
        const doubleCast = (node: ts.Node): boolean =>
            ts.isAsExpression(node) &&
            ts.isAsExpression(node.expression) &&
            node.expression.type.kind === ts.SyntaxKind.UnknownKeyword;
        const castToNever = (node: ts.Node): boolean =>
            ts.isAsExpression(node) && node.type.kind === ts.SyntaxKind.NeverKeyword;
        const castsIn = (node: ts.Node): number => {
            let found = doubleCast(node) || castToNever(node) ? 1 : 0;
            ts.forEachChild(node, (child) => {
                found += castsIn(child);
            });
            return found;
        };
        const parsed = (text: string) => ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
        expect(castsIn(parsed("f(a as unknown as B, c as unknown, d as E, g as never)"))).to.equal(2);
        const wrong = sourceFiles(lib).filter((file) => castsIn(parsed(readFileSync(file, "utf8"))) > 0);
        expect(wrong.map((file) => path.relative(lib, file))).to.deep.equal([]);
    });

    it("has no file of more than 500 lines", () => {
        const long = sourceFiles(lib).filter((file) => readFileSync(file, "utf8").split("\n").length > 500);
        expect(long).to.deep.equal([]);
    });

    it("has no file with a name such as utils or helpers", () => {
        const vague = /^(utils?|helpers?|common|misc|types|shared)(\.|$)/;
        // The name says that the families of stores share it.
        const files = sourceFiles(lib).map((file) => path.relative(path.join(lib, "stores", "shared"), file));
        expect(files.filter((file) => file.split(path.sep).some((part) => vague.test(part)))).to.deep.equal([]);
    });
});
