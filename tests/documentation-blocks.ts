import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "..");

export interface CodeBlock {
    /** For instance `README.md:42`. */
    readonly place: string;
    readonly language: string;
    readonly text: string;
}

/** The pages of the documentation, relative to the package. */
export const pages: readonly string[] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    ...pagesUnder("docs"),
    ...pagesUnder("bench"),
    ...pagesUnder("examples"),
];

function pagesUnder(folder: string): string[] {
    return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".md"))
        .map((name) => path.join(folder, name));
}

export function codeBlocks(page: string): CodeBlock[] {
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

/** Writes the TypeScript blocks of all pages where tsconfig.json finds them: a type error names the page and the line. */
function writeModules(): void {
    const folder = path.join(root, "node_modules", ".cache", "documentation");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { place, language, text } of pages.flatMap(codeBlocks)) {
        const file = path.join(folder, `${place.replaceAll(/[/\\]/g, "-").replace(":", "-line-")}.ts`);
        if (language === "ts") writeFileSync(file, `${text}\nexport {};\n`);
    }
}

if (require.main === module) writeModules();
