import { readdirSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { commandsPage } from "../../site/commands-page";
import { sitePages } from "../../site/navigation";

const root = path.join(__dirname, "..", "..");

describe("the documentation's site", () => {
    it("has each document for users once, and none for contributors", () => {
        const forContributors = ["INVARIANTS.md", "architecture.md", "mutation-testing.md"];
        const documents = readdirSync(path.join(root, "docs"))
            .filter((name) => name.endsWith(".md") && !forContributors.includes(name))
            .map((name) => `docs/${name}`);
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
