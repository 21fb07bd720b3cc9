import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { commandsPage } from "./commands-page";
import { commandsPlace, type SitePage, sitePages } from "./navigation";

const root = path.join(__dirname, "..");

/** The target of a Markdown link or image, or of an attribute of an HTML picture. */
const target = /(?<=\]\(|\b(?:src|srcset|href)=")(?!https?:|mailto:|#)([^)\s"#]+)(#[^)\s"]*)?/g;
const fence = /^(\s*)(```|~~~)/;

/** The languages of files that a page may link to, by ending. */
const languages: Readonly<Record<string, string>> = {
    ".ts": "ts",
    ".js": "js",
    ".mjs": "js",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".py": "py",
};

/**
 * Copies the pages of the site into a folder, each to its place, with links that lead to the places of the others. A linked picture is
 * copied; any other linked file becomes a page that shows it.
 * @throws Error that names the page and the link, for a link to something that the site cannot show
 */
export function stagePages(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    const linked = new Set<string>();
    for (const page of sitePages) {
        const text = readFileSync(path.join(root, page.source), "utf8");
        write(path.join(folder, `${page.place}.md`), withSiteLinks(text, page, linked));
    }
    for (const file of linked) {
        const language = languages[path.extname(file)];
        if (language === undefined) {
            mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
            cpSync(path.join(root, file), path.join(folder, file));
        } else {
            const code = readFileSync(path.join(root, file), "utf8").trimEnd();
            write(path.join(folder, `${filePage(file)}.md`), `# ${file}\n\n\`\`\`\`${language}\n${code}\n\`\`\`\`\n`);
        }
    }
}

function write(file: string, text: string): void {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
}

const filePage = (file: string): string => `files/${file.replaceAll(".", "-")}`;

/** The page with other links; code blocks stay as they are. */
function withSiteLinks(text: string, page: SitePage, linked: Set<string>): string {
    let inCode = false;
    const lines = text.split("\n").map((line) => {
        if (fence.test(line)) inCode = !inCode;
        return inCode
            ? line
            : line.replaceAll(target, (_, file: string, anchor = "") => {
                  return `${siteLink(file, page, linked)}${anchor}`;
              });
    });
    return lines.join("\n");
}

function siteLink(link: string, page: SitePage, linked: Set<string>): string {
    const file = path.posix.join(path.posix.dirname(page.source), link).replace(/\/$/, "");
    const from = path.posix.dirname(page.place);
    const to = (place: string): string => {
        const relative = path.posix.relative(from, place);
        return relative.startsWith(".") ? relative : `./${relative}`;
    };
    const found = sitePages.find(({ source }) => source === file || source === `${file}/README.md`);
    if (found !== undefined) return `${to(found.place)}.md`;
    const onDisk = path.join(root, file);
    if (!existsSync(onDisk) || !statSync(onDisk).isFile())
        throw new Error(`${page.source} links to ${link}, which is no page of the site and no file.`);
    linked.add(file);
    return languages[path.extname(file)] === undefined ? to(file) : `${to(filePage(file))}.md`;
}

async function main(): Promise<void> {
    const folder = path.join(__dirname, "pages");
    stagePages(folder);
    write(path.join(folder, `${commandsPlace}.md`), await commandsPage());
}

if (require.main === module) void main();
