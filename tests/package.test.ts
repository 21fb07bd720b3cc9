import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const root = path.join(__dirname, "..");

/** The files of the package as `npm pack` would pack them. */
function packedFiles(): readonly string[] {
    const printed = execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
    });
    const [{ files }] = JSON.parse(printed) as [{ files: { path: string }[] }];
    return files.map((file) => file.path);
}

describe("the packed package", () => {
    let files: readonly string[];
    before(function () {
        this.timeout(60_000);
        files = packedFiles();
    });

    it("has the documents of users, and none of contributors", () => {
        const documents = files.filter((file) => file.endsWith(".md"));
        expect(documents).to.include.members(["README.md", "CHANGELOG.md", "SECURITY.md", "docs/resource.md"]);
        const ofContributors = /CONTRIBUTING|INVARIANTS|architecture|decisions|mutation|^(bench|tests|site)\//;
        expect(documents.filter((file) => ofContributors.test(file))).to.deep.equal([]);
    });

    it("has documents that name no decision, which only the repository has", () => {
        const documents = files.filter((file) => file.endsWith(".md"));
        expect(documents.length).to.be.greaterThan(40);
        const naming = documents.filter((file) => /\bdecisions? \d/.test(readFileSync(path.join(root, file), "utf8")));
        expect(naming).to.deep.equal([]);
    });

    it("has every file that its documents link to", () => {
        const has = (file: string): boolean =>
            files.some((packed) => packed === file || packed.startsWith(`${file.replace(/\/$/, "")}/`));
        const links = files
            .filter((file) => file.endsWith(".md"))
            .flatMap((page) =>
                [
                    ...readFileSync(path.join(root, page), "utf8").matchAll(
                        /(?:\]\(|\b(?:src|srcset|href)=")(?!https?:|mailto:|#)([^)\s"#]+)/g,
                    ),
                ].map(([, target = ""]) => ({
                    page,
                    target,
                    file: path.posix.join(path.posix.dirname(page), target),
                })),
            );
        expect(links.length).to.be.greaterThan(80);
        expect(links.filter(({ file }) => !has(file)).map(({ page, target }) => `${page}: ${target}`)).to.deep.equal(
            [],
        );
    });

    it("names no source map, and has none", () => {
        expect(files.filter((file) => file.endsWith(".map"))).to.deep.equal([]);
        const scripts = files.filter((file) => file.endsWith(".js"));
        expect(scripts.length).to.be.greaterThan(300);
        const mapped = scripts.filter((file) =>
            readFileSync(path.join(root, file), "utf8").includes(`//# ${"sourceMappingURL"}`),
        );
        expect(mapped).to.deep.equal([]);
    });

    it("runs no script when it is installed", () => {
        const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
        expect(scripts).to.include.keys("prepack");
        expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).to.deep.equal([]);
    });
});
