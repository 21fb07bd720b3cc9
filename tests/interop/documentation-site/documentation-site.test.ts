import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parse } from "parse5";
import { apiFolder, commandsPlace, sitePages } from "../../../site/navigation";

const root = path.join(__dirname, "..", "..", "..");
const site = path.join(root, "site", "dist");
const base = "/bucket-encryption/";

interface HtmlNode {
    readonly nodeName: string;
    readonly attrs?: readonly { readonly name: string; readonly value: string }[];
    readonly childNodes?: readonly HtmlNode[];
}

const filesUnder = (folder: string, ending: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(ending));

/** Every element of a page, with its attributes. */
function elementsOf(file: string): { readonly tag: string; readonly attributes: ReadonlyMap<string, string> }[] {
    const found: { tag: string; attributes: ReadonlyMap<string, string> }[] = [];
    const visit = (node: HtmlNode): void => {
        if (node.attrs !== undefined)
            found.push({ tag: node.nodeName, attributes: new Map(node.attrs.map(({ name, value }) => [name, value])) });
        node.childNodes?.forEach(visit);
    };
    visit(parse(readFileSync(file, "utf8")) as unknown as HtmlNode);
    return found;
}

describe("the documentation's site", function () {
    this.timeout(900_000);
    let pages: string[];

    before(() => {
        // typedoc fails at a warning, VitePress at a dead link.
        const { status, stdout, stderr } = spawnSync("npm", ["run", "docs", "--", "--base", base], {
            cwd: root,
            encoding: "utf8",
        });
        expect(status, `${stdout}${stderr}`).to.equal(0);
        pages = filesUnder(site, ".html");
    });

    it("has every page of the navigation, and the reference of the API", () => {
        const wanted = [...sitePages.map(({ place }) => place), commandsPlace, `${apiFolder}/index`];
        expect(wanted.filter((place) => !existsSync(path.join(site, `${place}.html`)))).to.deep.equal([]);
        const api = pages.filter((page) => page.startsWith(`${apiFolder}/`));
        expect(api.length).to.be.greaterThan(40);
        expect(
            readFileSync(path.join(site, apiFolder, "index", "classes", "BucketEncryption.html"), "utf8"),
        ).to.include("kmsMasterKeyId");
    });

    it("loads nothing from another host", () => {
        const loading = { link: "href", script: "src", img: "src", iframe: "src", source: "srcset" } as const;
        const loaded = pages.flatMap((page) =>
            elementsOf(path.join(site, page)).flatMap(({ tag, attributes }) => {
                const attribute = Object.entries(loading).find(([name]) => name === tag)?.[1];
                const value = attribute === undefined ? undefined : attributes.get(attribute);
                return value === undefined ? [] : [value];
            }),
        );
        expect(loaded.length).to.be.greaterThan(pages.length);
        expect(
            [...new Set(loaded)].filter((address) => !address.startsWith(base) && !address.startsWith("data:")),
        ).to.deep.equal([]);
        const styles = filesUnder(site, ".css").map((file) => readFileSync(path.join(site, file), "utf8"));
        expect(styles.join("\n"))
            .to.match(/url\(/)
            .and.not.to.match(/@import|url\(["']?(?:https?:)?\/\/(?!www\.w3\.org)/);
    });

    it("finds words of its pages in its own index", () => {
        const [index = ""] = filesUnder(site, ".js").filter((file) => file.includes("localSearchIndex"));
        const text = readFileSync(path.join(site, index), "utf8");
        for (const word of ["kmsmasterkeyid", "existingrule", "granularity"])
            expect(text.toLowerCase()).to.include(word);
    });

    it("has the anchor of every link within it", () => {
        const anchors = new Map(
            pages.map((page) => [
                `${base}${page}`,
                new Set(elementsOf(path.join(site, page)).map(({ attributes }) => attributes.get("id"))),
            ]),
        );
        const links = pages.flatMap((page) =>
            elementsOf(path.join(site, page))
                .filter(({ tag, attributes }) => tag === "a" && attributes.get("href")?.includes("#"))
                .map(({ attributes }) => new URL(attributes.get("href") as string, `http://site${base}${page}`))
                .filter(({ host }) => host === "site")
                .map(({ pathname, hash }) => ({
                    page,
                    pathname: pathname.replace(/\/$/, "/index.html"),
                    hash: decodeURIComponent(hash.slice(1)),
                })),
        );
        expect(links.length).to.be.greaterThan(100);
        const dead = links.filter(({ pathname, hash }) => anchors.get(pathname)?.has(hash) !== true);
        expect([...new Set(dead.map(({ page, pathname, hash }) => `${page}: ${pathname}#${hash}`))]).to.deep.equal([]);
    });
});
