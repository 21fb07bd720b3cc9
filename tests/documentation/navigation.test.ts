import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import manifest from "../../package.json";
import { commandsPage } from "../../site/commands-page";
import { sitePages } from "../../site/navigation";
import { stagePages } from "../../site/stage-pages";

const root = path.join(__dirname, "..", "..");

describe("the documentation's site", () => {
    it("has each document for users once, and none for contributors", () => {
        // Those that the package leaves out.
        const forContributors = manifest.files.filter((file) => file.startsWith("!docs/")).map((file) => file.slice(1));
        const documents = readdirSync(path.join(root, "docs"))
            .map((name) => `docs/${name}`)
            .filter((file) => file.endsWith(".md") && !forContributors.includes(file));
        const shown = sitePages.map(({ source }) => source);
        expect(shown.filter((source) => source.startsWith("docs/"))).to.have.members(documents);
        const places = sitePages.map(({ place }) => place);
        expect(places.filter((place, index) => places.indexOf(place) !== index)).to.deep.equal([]);
    });

    it("has a place for everything that its pages link to, and every example", () => {
        const folder = mkdtempSync(path.join(tmpdir(), "site-pages-"));
        try {
            stagePages(folder);
            const examples = readdirSync(path.join(root, "examples"), { withFileTypes: true });
            const missing = examples
                .filter(
                    (entry) => entry.isDirectory() && !existsSync(path.join(folder, "examples", `${entry.name}.md`)),
                )
                .map(({ name }) => name);
            expect(missing).to.deep.equal([]);
            expect(readFileSync(path.join(folder, "index.md"), "utf8")).to.include("](./guides/s3.md)");
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });

    it("has a page with the help of every command", async () => {
        const titles = [...(await commandsPage()).matchAll(/^## `(.*)`$/gm)].map(([, title]) => title);
        expect(titles).to.include.members([
            "bucket-encryption",
            "bucket-encryption audit",
            "bucket-encryption rollout plan",
            "pulumi-embedded",
            "pulumi-embedded up",
            "pulumi-embedded stack init",
        ]);
        expect(titles.length).to.be.greaterThan(25);
    });

    it("has help of at most 80 columns, in which a folded example stays one command", async () => {
        const lines = (await commandsPage()).replace(/^# Commands\n(?:.*\n){3}/, "").split("\n");
        expect(lines.filter((line) => line.length > 80)).to.deep.equal([]);
        const example = lines.indexOf("  $ bucket-encryption audit --profile production --profile staging \\");
        expect(lines[example + 1]).to.equal("      --format html --output audit.html");
    });
});
