import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { codeBlocks } from "../documentation-blocks";

const root = path.join(__dirname, "..", "..");
const languages = { english: "README.md", chinese: "README.zh-CN.md" };
const linesOf = (page: string, pattern: RegExp): string[] =>
    [
        ...readFileSync(path.join(root, page), "utf8")
            .replaceAll(/^```(?:.|\n)*?^```$/gm, "")
            .matchAll(pattern),
    ].map(([, part = ""]) => part);
const inBoth = <T>(of: (page: string) => T): { readonly english: T; readonly chinese: T } => ({
    english: of(languages.english),
    chinese: of(languages.chinese),
});

describe("the Chinese README", () => {
    it("has the structure of the English one: headings, tables and lists", () => {
        const { english, chinese } = inBoth((page) => linesOf(page, /^(#+ |\| |- |!\[|<\/?picture)/gm));
        expect(english.filter((start) => start.startsWith("#")).length).to.equal(4);
        expect(chinese).to.deep.equal(english);
    });

    it("has the same code", () => {
        const { english, chinese } = inBoth((page) =>
            codeBlocks(page).map(({ language, text }) => ({ language, text })),
        );
        expect(english.length).to.equal(3);
        expect(chinese).to.deep.equal(english);
    });

    it("names the same arguments, commands and packages, and links to the same places", () => {
        const names = inBoth((page) => [...new Set(linesOf(page, /`([^`\n]+)`/g))].sort());
        expect(names.chinese).to.deep.equal(names.english);
        const links = inBoth((page) => linesOf(page, /(?:\]\(|srcset="|src=")([^)"]+)[)"]/g).sort());
        expect(links.chinese.filter((link) => link !== "README.md")).to.deep.equal(
            links.english.filter((link) => link !== "README.zh-CN.md"),
        );
    });

    it("is written in Chinese, with Alibaba Cloud's own terms", () => {
        const text = readFileSync(path.join(root, languages.chinese), "utf8");
        for (const term of ["服务端加密", "存储空间（Bucket）", "密钥管理服务", "地域", "漂移", "阿里云"])
            expect(text).to.include(term);
    });
});
