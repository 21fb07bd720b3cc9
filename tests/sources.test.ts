import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const root = path.join(__dirname, "..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const filesBelow = (folder: string, suffix: string): string[] =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(suffix))
        .map((name) => path.join(folder, name));

/** Names that belong to a cloud service: actions, operations, headers, EC numbers, error codes. */
const serviceNames = [
    /\b(?:oss|kms|s3|sts):[A-Z]\w+/g,
    /\b(?:Append|Assume|Copy|Delete|Describe|Get|Initiate|List|Post|Put|Upload)(?:Bucket|CallerIdentity|Key|Multipart|Object|Part|Role)\w*\b(?<!Command|Args|Result)/g,
    /\bx-(?:oss|amz)-[a-z-]+[a-z]/g,
    /\b\d{4}-\d{8}\b/g,
    /\bNoSuch\w+/g,
    /\b\w+NotFoundError\b/g,
];
// This package's own function has an operation's name; the types of its arguments and its result are no names of a service.
const namesIn = (text: string): string[] =>
    serviceNames.flatMap((pattern) => text.match(pattern) ?? []).filter((name) => !/(?:Args|Result)$/.test(name));

const sources = read("docs/sources.md");
/** A page, or the first part of a docstring of a file, that links to the services' own documentation. */
const serviceLink = /https:\/\/(?:help\.aliyun\.com|www\.alibabacloud\.com|docs\.aws\.amazon\.com)\//;
// The local cloud is a service itself: it marks each behaviour where it is written, and `docs/local-cloud.md` lists them.
const pages = ["README.md", ...filesBelow("docs", ".md")].filter(
    (page) => !["docs/sources.md", "docs/local-cloud.md"].includes(page) && !page.startsWith("docs/decisions"),
);

describe("sources of statements about cloud services", () => {
    it("list every action, operation, header, EC number and error code that the documentation names", () => {
        const named = pages.flatMap((page) => namesIn(read(page)).map((name) => ({ page, name })));
        expect(named.map(({ name }) => name)).to.include.members(["oss:PutBucketEncryption", "CopyObject"]);
        const missing = named.filter(({ name }) => !sources.includes(name)).map(({ page, name }) => `${page}: ${name}`);
        expect([...new Set(missing)]).to.deep.equal([]);
    });

    it("are listed there or linked in the file itself for each such name in the code", () => {
        const ofOthers = ["cli", "engine", "local-cloud", "rollout", "text"];
        const rooms = readdirSync(path.join(root, "lib"), { withFileTypes: true })
            .filter((entry) => entry.isDirectory() && !ofOthers.includes(entry.name))
            .map(({ name }) => name);
        expect(rooms).to.include.members(["accounts", "review", "rule", "stores"]);
        const missing = rooms
            .flatMap((room) => filesBelow(path.join("lib", room), ".ts"))
            .flatMap((file) => {
                const text = read(file);
                if (serviceLink.test(text)) return [];
                return namesIn(text)
                    .filter((name) => !sources.includes(name))
                    .map((name) => `${file}: ${name}`);
            });
        expect([...new Set(missing)]).to.deep.equal([]);
    });

    it("mark each statement as documented, measured or assumed", () => {
        const statements = sources.split(/^## /m).slice(1);
        expect(statements.length).to.be.greaterThan(10);
        const unmarked = statements.filter(
            (text) => !/\*(documented|measured|assumed)\*/i.test(text) && !serviceLink.test(text),
        );
        expect(unmarked).to.deep.equal([]);
    });

    it("are linked by headings that exist", () => {
        const headings = new Set(
            [...sources.matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
                title
                    .toLowerCase()
                    .replace(/[^a-z0-9 -]/g, "")
                    .replaceAll(" ", "-"),
            ),
        );
        for (const [, id = ""] of sources.matchAll(/<a id="([^"]+)">/g)) headings.add(id);
        const links = pages.flatMap((page) =>
            [...read(page).matchAll(/sources\.md#([\w-]+)/g)].map(([, id = ""]) => ({ page, id })),
        );
        expect(links.length).to.be.greaterThan(5);
        expect(links.filter(({ id }) => !headings.has(id))).to.deep.equal([]);
    });
});
