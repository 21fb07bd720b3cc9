import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { parse as parseYaml } from "yaml";
import manifest from "../package.json";

const root = path.join(__dirname, "..");

interface CodeBlock {
    /** For instance `README.md:42`. */
    readonly place: string;
    readonly language: string;
    readonly text: string;
}

const pages = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    ...pagesUnder("docs"),
    ...pagesUnder("bench"),
    ...pagesUnder("examples"),
];
const blocks = pages.flatMap(codeBlocks);

function pagesUnder(folder: string): string[] {
    return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".md"))
        .map((name) => path.join(folder, name));
}

function codeBlocks(page: string): CodeBlock[] {
    const lines = readFileSync(path.join(root, page), "utf8").split("\n");
    const found: CodeBlock[] = [];
    for (let line = 0; line < lines.length; line += 1) {
        const fence = /^(\s*)```(\S*)/.exec(lines[line] as string);
        if (!fence) continue;
        const end = lines.findIndex((text, index) => index > line && text.trim() === "```");
        const text = lines.slice(line + 1, end).map((code) => code.slice((fence[1] as string).length));
        found.push({ place: `${page}:${line + 1}`, language: fence[2] as string, text: text.join("\n") });
        line = end;
    }
    return found;
}

/** Type-checks texts as modules that stand at the root of this package, under its own compiler options. */
function typeErrors(modules: readonly CodeBlock[]): string[] {
    const { options } = ts.getParsedCommandLineOfConfigFile(
        path.join(root, "tsconfig.json"),
        { incremental: false },
        { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
    ) as ts.ParsedCommandLine;
    const texts = new Map(modules.map((block, index) => [path.join(root, `documentation-block-${index}.ts`), block]));
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile, getSourceFile } = host;
    host.fileExists = (file) => texts.has(file) || fileExists.call(host, file);
    host.readFile = (file) => texts.get(file)?.text ?? readFile.call(host, file);
    host.getSourceFile = (file, ...rest) => {
        const block = texts.get(file);
        if (block === undefined) return getSourceFile.call(host, file, ...rest);
        return ts.createSourceFile(file, `${block.text}\nexport {};`, ts.ScriptTarget.Latest, true);
    };
    const program = ts.createProgram([...texts.keys()], options, host);
    return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
        const place = file === undefined ? "" : (texts.get(file.fileName)?.place ?? file.fileName);
        return `${place}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
}

describe("documentation", () => {
    it("names the language of every code block", () => {
        const known = ["ts", "sh", "yaml", "json", "text"];
        expect(blocks.filter(({ language }) => !known.includes(language)).map(({ place }) => place)).to.deep.equal([]);
    });

    it("has TypeScript blocks that compile", () => {
        const modules = blocks.filter(({ language }) => language === "ts");
        expect(modules).not.to.have.length(0);
        expect(typeErrors(modules)).to.deep.equal([]);
    });

    it("has YAML and JSON blocks that can be read", () => {
        for (const { place, language, text } of blocks) {
            if (language === "yaml") expect(() => parseYaml(text), place).not.to.throw();
            if (language === "json") expect(() => JSON.parse(text), place).not.to.throw();
        }
    });

    it("calls no script and no command that the package doesn't have", () => {
        const scripts = Object.keys(manifest.scripts);
        const commands = Object.keys(manifest.bin);
        const calls = blocks
            .filter(({ language }) => language === "sh")
            .flatMap(({ place, text }) =>
                text
                    .split("\n")
                    .flatMap((line) => line.split(/&&|\|/))
                    .map((call) => ({ place, call: call.trim() })),
            );
        expect(calls).not.to.have.length(0);
        for (const { place, call } of calls) {
            const [script] = /(?<=^npm run |^npm )(?!ci|run|install|pack)\S+/.exec(call) ?? [];
            if (script) expect(scripts, `${place}: ${call}`).to.include(script);
            const [command] = /(?<=^npx )\S+/.exec(call) ?? [];
            if (command && !["mocha", "tsx"].includes(command))
                expect(commands, `${place}: ${call}`).to.include(command);
        }
    });

    it("links only to files that exist", () => {
        for (const page of pages) {
            const text = readFileSync(path.join(root, page), "utf8");
            for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
                const file = path.join(root, path.dirname(page), target as string);
                expect(ts.sys.fileExists(file) || ts.sys.directoryExists(file), `${page} links to ${target}`).to.equal(
                    true,
                );
            }
        }
    });

    it("shows each complaint's answer by tests that exist", () => {
        const page = readFileSync(path.join(root, "docs", "complaints.md"), "utf8");
        const named = [...page.matchAll(/`([\w/-]+)`: "([^"]+)"/g)];
        expect(named).to.have.length.above(40);
        for (const [, file, title = ""] of named) {
            expect(readFileSync(path.join(root, "tests", `${file}.test.ts`), "utf8"), file).to.include(title);
        }
        const rows = page.split("\n").filter((line) => line.startsWith("| ") && !/^\| (complaint|---)/.test(line));
        const unshown = rows.filter((row) => !/`[\w/-]+`: "/.test(row));
        expect(
            unshown.map((row) => row.slice(2, 39)),
            "explained in the README only",
        ).to.deep.equal(["What happens to old objects, and afte"]);
    });

    it("has a main job and a test command in the README, and CI calls exactly the latter", () => {
        const commands = blocks.filter(({ place, language }) => place.startsWith("README.md") && language === "sh");
        expect(commands.map(({ text }) => text)).to.include.members(["npm ci && npm start", "npm ci && npm test"]);
        const ci = readFileSync(path.join(root, ".ci", "run"), "utf8")
            .trim()
            .split("\n");
        expect(ci.at(-1)).to.equal("npm ci && npm test");
    });
});
