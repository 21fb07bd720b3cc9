import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadProject } from "../../../lib/engine/project/project-file";
import { StackSettings } from "../../../lib/engine/project/stack-settings";

const mirror = { encrypt: (text: string) => text, decrypt: (text: string) => text };

describe("a project file", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "project-shape-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const load = (text: string) => {
        writeFileSync(join(folder, "Pulumi.yaml"), text);
        return loadProject(folder);
    };
    const head = "name: shop\nruntime: nodejs\n";

    /** What the CLI's schema and its Project.Validate refuse (sdk/go/common/workspace), and what the system refuses in a path. */
    const refused: readonly [title: string, text: string, fault: string][] = [
        [
            "a structured value without `value:`",
            `${head}config:\n  tree:\n    a: 1\n`,
            '"config.tree" has the unknown key "a" (line 5, column 5)',
        ],
        [
            "an empty value",
            `${head}config:\n  a:\n`,
            '"config.a" must be text or a whole number or true or false or a list or a map, found empty',
        ],
        [
            "values that are nested too deeply",
            `${head}config:\n  a: ${"[".repeat(500)}1${"]".repeat(500)}\n`,
            "cannot be read: its values are nested too deeply",
        ],
        [
            "values that contain themselves",
            `${head}config:\n  a: &a [*a, *a]\n`,
            "cannot be read: its values are nested too deeply",
        ],
        [
            "values that are nested without end",
            `${head}config:\n  a: ${"[".repeat(30_000)}1${"]".repeat(30_000)}\n`,
            "cannot be read: its values are nested too deeply",
        ],
        ["a fraction as value", `${head}config:\n  a: 1.5\n`, '"config.a" must be'],
        [
            "a type that is none",
            `${head}config:\n  a:\n    type: number\n`,
            '"config.a.type" must be one of "string", "integer"',
        ],
        [
            "a list without items",
            `${head}config:\n  a:\n    type: array\n`,
            '"config.a" is an array and has no "items"',
        ],
        ["both default and value", `${head}config:\n  a:\n    default: 1\n    value: 2\n`, '"config.a" has both'],
        [
            "a default of another type",
            `${head}config:\n  a:\n    type: integer\n    default: x\n`,
            "is not of the type integer",
        ],
        [
            "a type for another namespace",
            `${head}config:\n  ns:a:\n    type: string\n`,
            "is not the project's own key and cannot have a",
        ],
        [
            "a default for another namespace",
            `${head}config:\n  ns:a:\n    default: x\n`,
            'use "value" in place of "default"',
        ],
        ["no value for another namespace", `${head}config:\n  ns:a:\n    description: x\n`, 'needs a "value"'],
        ["no name", "runtime: nodejs\n", 'has no "name"'],
        [
            "a name that is a number",
            "name: 7\nruntime: nodejs\n",
            '"name" must be text, found a number (line 1, column 7)',
        ],
        ["no runtime", "name: shop\n", 'has no "runtime"'],
        [
            "an unknown key of the runtime",
            "name: shop\nruntime:\n  name: nodejs\n  option: {}\n",
            '"runtime" has the unknown key "option"',
        ],
        [
            "an unknown key of the options",
            `${head}options:\n  refresh: always\n  other: 1\n`,
            '"options" has the unknown key "other"',
        ],
        [
            "another refresh than always",
            `${head}options:\n  refresh: sometimes\n`,
            '"options.refresh" must be "always"',
        ],
        ["a list as backend", `${head}backend: [a]\n`, '"backend" must be a map or empty, found a list'],
        ["two folders of settings", `${head}config: a\nstackConfigDir: b\n`, "twice"],
        ["NUL in a path", `${head}main: "a\\0b"\n`, '"main" holds a character that is not allowed'],
        ["NUL in the settings' folder", `${head}stackConfigDir: "a\\0b"\n`, '"stackConfigDir" holds a character'],
        ["an alias without anchor", `${head}main: *none\n`, "alias *none without its anchor (line 3, column 7)"],
        ["a key twice", `${head}name: other\n`, "is not YAML"],
        ["nothing", "", "must be a map, found empty"],
    ];
    for (const [title, text, fault] of refused) {
        it(`rejects ${title}, and names file and place`, () => {
            expect(() => load(text))
                .to.throw(fault)
                .with.property("message")
                .that.contains(join("Pulumi.yaml"));
        });
    }

    it("rejects aliases that expand without end", () => {
        const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
        for (const [one, other] of ["ab", "bc", "cd", "de", "ef"])
            bomb.push(`${other}: &${other} [${Array(9).fill(`*${one}`).join(", ")}]`);
        expect(() => load(`${head}${bomb.join("\n")}\n`))
            .to.throw("Excessive alias count")
            .with.property("kind", "invalid-project");
        load(head);
        writeFileSync(join(folder, "Pulumi.dev.yaml"), `config:\n${bomb.map((line) => `  ${line}`).join("\n")}\n`);
        expect(() => StackSettings.load(loadProject(folder), "dev"))
            .to.throw("Excessive alias count")
            .with.property("message")
            .that.contains("Pulumi.dev.yaml");
    });

    it("rejects a file that is a folder", () => {
        mkdirSync(join(folder, "Pulumi.yaml"));
        expect(() => loadProject(folder))
            .to.throw("cannot be read (EISDIR)")
            .with.property("kind", "invalid-project");
    });

    it("accepts what the CLI accepts", () => {
        const project = load(
            `${head}description: x\nunknown: { a: [1] }\ntemplate:\n  config:\n    a: { description: x, secret: true }\nconfig:\n  one: text\n  two: 2\n  three: [a, { b: 1 }]\n  four: { type: array, items: { type: string }, default: [x] }\n  five: { value: { any: [1.5] } }\n  ns:six: on\n  seven: { type: integer, default: "7" }\n  eight: { type: boolean }\n`,
        );
        expect(project.config.map(({ key, value }) => [key, value])).to.deep.equal([
            ["shop:one", "text"],
            ["shop:two", 2],
            ["shop:three", ["a", { b: 1 }]],
            ["shop:four", ["x"]],
            ["shop:five", { any: [1.5] }],
            ["ns:six", "on"],
            ["shop:seven", "7"],
            ["shop:eight", undefined],
        ]);
    });

    it("rejects a stack's configuration that does not fit the project: missing, of another type, or not secret", () => {
        const project = load(
            `${head}config:\n  size: { type: integer }\n  names: { type: array, items: { type: string } }\n  token: { type: string, secret: true }\n  ns:other: x\n`,
        );
        const faultsOf = (config: string): string => {
            writeFileSync(join(folder, "Pulumi.dev.yaml"), `config:\n${config}`);
            try {
                StackSettings.load(project, "dev").refuseOtherThanDeclared(() => mirror);
            } catch (error) {
                return (error as Error).message;
            }
            return "";
        };
        expect(faultsOf("  shop:size: 1\n"))
            .to.contain("missing configuration value 'names'")
            .and.to.contain("'token'");
        const most = "  shop:names: [a]\n  shop:token: { secure: x }\n";
        expect(faultsOf(`${most}  shop:size: many\n`)).to.contain("'size' must be of type 'integer'");
        expect(faultsOf(`${most.replace("[a]", "[1]")}  shop:size: "3"\n`)).to.contain(
            "'names' must be of type 'array<string>'",
        );
        expect(faultsOf(`${most.replace("{ secure: x }", "x")}  shop:size: 3\n`)).to.contain(
            "'token' must be encrypted",
        );
        expect(faultsOf(`${most}  shop:size: 3\n`)).to.equal("");
    });

    const settings: readonly [title: string, text: string, fault: string][] = [
        ["a list", "[1]\n", "must be a map"],
        ["a salt that is a number", "encryptionsalt: 5\n", '"encryptionsalt" must be text, found a number'],
        ["a key of too many parts", "config:\n  a:b:c: 1\n", '"a:b:c" is not of the form'],
        ["an alias without anchor", "config:\n  a: *none\n", "alias *none without its anchor (line 2, column 6)"],
        ["NULs", "\0\0\0\n", "must be a map or empty, found text"],
    ];
    for (const [title, text, fault] of settings) {
        it(`rejects a stack's settings with ${title}, and names the file`, () => {
            load(head);
            writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
            expect(() => StackSettings.load(loadProject(folder), "dev"), text)
                .to.throw(fault)
                .with.property("message")
                .that.contains("Pulumi.dev.yaml");
        });
    }
});
