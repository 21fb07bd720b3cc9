import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { parse } from "parse5";
import { apiFolder, commandsPlace, sitePages } from "../../../site/navigation";
import { skipBecause } from "../../skip-because";

const root = path.join(__dirname, "..", "..", "..");
const site = path.join(root, "site", "dist");
const base = "/bucket-encryption/";
const chromium = ["chromium", "chromium-browser", "google-chrome"].find(
    (name) => spawnSync(name, ["--version"]).status === 0,
);

const types: Readonly<Record<string, string>> = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
};

/** What a page shows in a frame of a width. The first is the first page with something in it that is too wide. */
interface Layout {
    readonly page: string;
    readonly width: number;
    readonly scrollWidth: number;
    readonly dark: { readonly background: string; readonly text: string };
    readonly light: { readonly background: string; readonly text: string };
}

/** A page that opens others of its server one after the other and measures them. */
const harness = (pages: readonly string[]): string => `<!DOCTYPE html><body><script>
const measured = [];
const frame = document.createElement("iframe");
document.body.append(frame);
const open = (page) => new Promise((done) => { frame.onload = () => setTimeout(done, 30); frame.src = page; });
const colors = (theme) => {
    const page = frame.contentDocument;
    page.documentElement.classList.toggle("dark", theme === "dark");
    const view = frame.contentWindow;
    return { background: view.getComputedStyle(page.body).backgroundColor, text: view.getComputedStyle(page.querySelector("main p, main li, main td") ?? page.body).color };
};
const measure = (page, width) => measured.push({
    page, width, scrollWidth: frame.contentDocument.scrollingElement.scrollWidth, dark: colors("dark"), light: colors("light"),
});
(async () => {
    for (const width of [400, 1280]) {
        frame.style = "border:0;height:900px;width:" + width + "px";
        for (const page of ${JSON.stringify(pages)}) {
            await open(page);
            if (measured.length === 0) {
                const wide = frame.contentDocument.querySelector("main").appendChild(frame.contentDocument.createElement("div"));
                wide.style = "width:700px;height:1px";
                measure("too wide", width);
                wide.remove();
            }
            measure(page, width);
        }
    }
    const result = document.createElement("pre");
    result.textContent = JSON.stringify(measured);
    document.body.replaceChildren(result);
})();
</script>`;

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

    it("fits a browser at 400 and 1280 px, and can be read in light and dark", async function () {
        if (chromium === undefined) return skipBecause(this, "there is no chromium on the PATH");
        const places = [...sitePages.map(({ place }) => place), commandsPlace, `${apiFolder}/index`];
        const profile = mkdtempSync(path.join(tmpdir(), "site-browser-"));
        const server = createServer((request, response) => {
            const name = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
            if (name === "/harness.html") {
                response.setHeader("content-type", "text/html");
                response.end(harness(places.map((place) => `${base}${place}.html`)));
                return;
            }
            const file = path.join(site, name.startsWith(base) ? name.slice(base.length) : "404.html");
            response.statusCode = existsSync(file) ? 200 : 404;
            response.setHeader("content-type", types[path.extname(file)] ?? "application/octet-stream");
            response.end(existsSync(file) ? readFileSync(file) : "");
        }).listen(0, "127.0.0.1");
        try {
            await once(server, "listening");
            const { port } = server.address() as AddressInfo;
            const { stdout } = await promisify(execFile)(
                chromium,
                [
                    ...["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=120000"],
                    ...["--window-size=1400,1000", `--user-data-dir=${profile}`],
                    ...["--dump-dom", `http://127.0.0.1:${port}/harness.html`],
                ],
                { timeout: 300_000, maxBuffer: 2 ** 26 },
            );
            const [control, ...layouts]: Layout[] = JSON.parse(/<pre>(.*)<\/pre>/.exec(stdout)?.[1] ?? "[]");
            expect(control?.scrollWidth, "what is too wide is seen").to.be.greaterThan(650);
            expect(layouts).to.have.lengthOf(2 * places.length);
            expect(layouts.filter(({ width, scrollWidth }) => scrollWidth > width)).to.deep.equal([]);
            for (const theme of ["light", "dark"] as const) {
                const unreadable = layouts.filter((layout) => contrast(layout[theme]) < 7);
                expect(unreadable, theme).to.deep.equal([]);
            }
            expect(layouts[0]?.light.background).not.to.equal(layouts[0]?.dark.background);
        } finally {
            server.closeAllConnections();
            server.close();
            rmSync(profile, { recursive: true, force: true });
        }
    });
});

/** The contrast of two colors by WCAG 2.2, from 1 to 21. */
function contrast({ background, text }: { readonly background: string; readonly text: string }): number {
    const luminance = (color: string): number => {
        const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? [])
            .map((part) => Number(part) / 255)
            .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const [darker = 0, lighter = 0] = [luminance(background), luminance(text)].sort((one, other) => one - other);
    return (lighter + 0.05) / (darker + 0.05);
}
