import { readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import manifest from "../../package.json";
import { commandsPage } from "../../site/commands-page";
import { sitePages } from "../../site/navigation";

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
});
