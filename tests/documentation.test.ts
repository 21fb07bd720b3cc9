import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { parse as parseYaml } from "yaml";
import manifest from "../package.json";
import { headingAnchor } from "../site/heading-anchor";
import { sitePages } from "../site/navigation";
import { codeBlocks, pages } from "./documentation-blocks";

const root = path.join(__dirname, "..");

const blocks = pages.flatMap(codeBlocks);

describe("documentation", () => {
    it("names the language of every code block", () => {
        const known = ["ts", "js", "sh", "yaml", "toml", "json", "text", "hcl", "python", "go"];
        expect(blocks.filter(({ language }) => !known.includes(language)).map(({ place }) => place)).to.deep.equal([]);
    });

    it("has YAML and JSON blocks that can be read", () => {
        for (const { place, language, text } of blocks) {
            if (language === "yaml") expect(() => parseYaml(text), place).not.to.throw();
            if (language === "json") expect(() => JSON.parse(text), place).not.to.throw();
        }
    });

    it("calls no script and no command that the package does not have", () => {
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
            if (command && !["esbuild", "mocha", "tsx"].includes(command))
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

    it("gives each decision a number of its own, in its file's name and its title, and names no other", () => {
        const files = readdirSync(path.join(root, "docs", "decisions")).sort();
        const titles = files.map(
            (file) => readFileSync(path.join(root, "docs", "decisions", file), "utf8").split("\n")[0],
        );
        const numbers = files.map((file) => Number(file.slice(0, 4)));
        expect(numbers).to.deep.equal(files.map((_, index) => index + 1));
        expect(titles.map((title) => Number(/^# (\d+)\. /.exec(title ?? "")?.[1]))).to.deep.equal(numbers);
        for (const page of pages) {
            const text = readFileSync(path.join(root, page), "utf8");
            for (const [, number] of text.matchAll(/\bdecision (\d+)/g))
                expect(numbers, `${page} names decision ${number}`).to.include(Number(number));
        }
    });

    it("links only to headings that exist", () => {
        const anchorsOf = (page: string): Set<string> => {
            const text = readFileSync(path.join(root, page), "utf8").replaceAll(/^(\s*)```(?:.|\n)*?^\1```$/gm, "");
            const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
                headingAnchor(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")),
            );
            const named = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
            return new Set([...headings, ...named]);
        };
        const links = pages.flatMap((page) =>
            [...readFileSync(path.join(root, page), "utf8").matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].map(
                ([, file = "", anchor = ""]) => ({
                    page,
                    anchor,
                    target: file === "" ? page : path.join(path.dirname(page), file),
                }),
            ),
        );
        expect(links.length).to.be.greaterThan(30);
        const dead = links.filter(({ target, anchor }) => target.endsWith(".md") && !anchorsOf(target).has(anchor));
        expect(dead.map(({ page, target, anchor }) => `${page} links to ${target}#${anchor}`)).to.deep.equal([]);
    });

    it("leads from the README to every page of the site by links", () => {
        const found = new Set(["README.md"]);
        for (const page of found) {
            const text = readFileSync(path.join(root, page), "utf8");
            for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#\s]+\.md)(?:#[^)\s]*)?\)/g))
                found.add(path.join(path.dirname(page), target));
        }
        expect(sitePages.map(({ source }) => source).filter((page) => !found.has(page))).to.deep.equal([]);
    });

    it("names only files and folders of the repository that exist", () => {
        const named = pages.flatMap((page) =>
            [
                ...readFileSync(path.join(root, page), "utf8").matchAll(/`((?:bench|examples|lib|tests)\/[\w./-]+)`/g),
            ].map(([, file = ""]) => ({ page, file })),
        );
        expect(named.length).to.be.greaterThan(50);
        const missing = named.filter(({ file }) => !existsSync(path.join(root, file)));
        expect(missing.map(({ page, file }) => `${page} names ${file}`)).to.deep.equal([]);
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
            "explained in docs/limits.md only",
        ).to.deep.equal(["What happens to old objects, and afte"]);
    });

    it("has a README of one and a half screens", () => {
        const lines = readFileSync(path.join(root, "README.md"), "utf8").trimEnd().split("\n");
        // As GitHub draws it, 68 lines are 1,620 pixels high: one and a half times 1,080.
        expect(lines.length).to.be.within(50, 68);
    });

    it("has a main job and a test command in the README, and CI calls the latter and then the tests that install packages", () => {
        const commands = blocks.filter(({ place, language }) => place.startsWith("README.md") && language === "sh");
        expect(commands.flatMap(({ text }) => text.split("\n"))).to.include.members([
            "npm ci && npm start",
            "npm ci && npm test",
        ]);
        const ci = readFileSync(path.join(root, ".ci", "run"), "utf8")
            .trim()
            .split("\n");
        expect(ci.at(-1)).to.equal("npm ci && npm test && npm run test:interop");
    });
});
