import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import {
    changeClasses,
    commentLimits,
    type ReviewReport,
    reviewHtml,
    reviewJson,
    reviewMarkdown,
    reviewSarif,
    reviewText,
} from "../../lib/review";
import { entry, preview, step } from "./preview-builder";
import { reviewPreview } from "./reviewed-documents";

const realChanges = JSON.parse(readFileSync(path.join(__dirname, "previews", "real-changes.json"), "utf8"));

const reportOf = (...documents: [string, unknown][]): ReviewReport => ({
    reviews: documents.map(([stack, document]) => reviewPreview(document, stack)),
    failOn: new Set(["weakened" as const]),
});
const real = reportOf(["shop/dev", realChanges]);
const markdown = (report: ReviewReport, limit: number = commentLimits.github) =>
    reviewMarkdown(report, { marker: "default", limit });

describe("the formats of a review", () => {
    it("show the same review in every format", () => {
        const { stacks, counts } = JSON.parse(reviewJson(real));
        expect(counts).to.include({
            removed: 1,
            weakened: 1,
            unknown: 2,
            "key-changed": 1,
            added: 1,
            strengthened: 1,
            unchanged: 1,
        });
        expect(Object.keys(counts)).to.deep.equal(changeClasses);
        expect(stacks[0].changes).to.have.length(8);
        for (const text of [reviewText(real, 1_000), markdown(real), reviewHtml(real), reviewSarif(real)]) {
            for (const name of [
                "example-logs",
                "example-orders",
                "example-photos",
                "example-backups",
                "example-drafts",
            ]) {
                expect(text).to.include(name);
            }
            expect(text).to.include("f6a7").and.not.to.include("key-hzz");
        }
    });

    it("have the worst first", () => {
        const order = [
            "example-backups",
            "example-logs",
            "example-drafts",
            "example-photos",
            "example-fresh",
            "example-orders",
        ];
        for (const text of [reviewText(real, 1_000), markdown(real), reviewHtml(real), reviewSarif(real)]) {
            const places = order.map((name) => text.indexOf(name));
            expect(places).to.deep.equal([...places].sort((a, b) => a - b));
        }
    });

    describe("as Markdown", () => {
        const many = (count: number) =>
            reportOf([
                "shop/dev",
                preview(
                    ...Array.from({ length: count }, (_, index) =>
                        step(
                            "update",
                            entry(
                                { bucket: `example-${index}`, sseAlgorithm: index === count - 1 ? "KMS" : "AES256" },
                                { name: `r${index}` },
                            ),
                            entry(
                                { bucket: `example-${index}`, sseAlgorithm: index === count - 1 ? "AES256" : "KMS" },
                                { name: `r${index}` },
                            ),
                        ),
                    ),
                ),
            ]);

        it("begins with the marker by which a pipeline finds its comment again", () => {
            expect(markdown(real).split("\n")[0]).to.equal("<!-- bucket-encryption-review:default -->");
        });

        it("fits a comment's limit, lists the worst first, and counts the rest", () => {
            for (const limit of [2_000, commentLimits.github, commentLimits.gitlab]) {
                const text = markdown(many(5_000), limit);
                expect(text.length).to.be.at.most(limit);
                expect(text).to.include("`example-4999`");
                const shown = text.match(/^\| .*`example-/gm)?.length ?? 0;
                expect(text).to.include(
                    `${5_000 - shown} more left out here for length, none worse than these: ${5_000 - shown} strengthened.`,
                );
                expect(shown).to.be.greaterThan(limit / 2_000);
            }
            expect(markdown(many(20))).not.to.include("left out");
        });
    });

    it("as a page, load nothing from elsewhere", () => {
        const page = reviewHtml(real);
        expect(page).to.match(
            /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/,
        );
        expect(page).not.to.match(/\b(?:src|href)=|url\(|@import/);
    });

    describe("as SARIF", () => {
        const log = (report: ReviewReport) => JSON.parse(reviewSarif(report));

        it("follow SARIF 2.1.0, and point to a place that code scanning can show", () => {
            const { version, $schema, runs } = log(real);
            expect({ version, $schema }).to.deep.equal({
                version: "2.1.0",
                $schema: "https://json.schemastore.org/sarif-2.1.0.json",
            });
            const [{ tool, results }] = runs;
            const ids = tool.driver.rules.map(({ id }: { id: string }) => id);
            expect(results).to.have.length(7);
            for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of results) {
                expect(ids[ruleIndex]).to.equal(ruleId);
                expect(["error", "warning", "note"]).to.include(level);
                expect(message.text).to.be.a("string").and.not.equal("");
                const { artifactLocation, region } = locations[0].physicalLocation;
                expect(artifactLocation.uri).to.match(/^[\w.-]+(\/[\w.-]+)*$/);
                expect(region.startLine).to.be.at.least(1);
                expect(Object.values(partialFingerprints)[0]).to.match(/^[0-9a-f]{32}$/);
            }
        });

        it("point to the line that declares the resource, if the engine reports it", () => {
            const placed = (sourcePosition: string) =>
                log(
                    reportOf([
                        "dev",
                        preview(
                            step(
                                "create",
                                undefined,
                                entry({ bucket: "b", sseAlgorithm: "AES256" }, { sourcePosition }),
                            ),
                        ),
                    ]),
                ).runs[0].results[0].locations[0].physicalLocation;
            expect(placed("project:///src/index.ts#12,3")).to.deep.equal({
                artifactLocation: { uri: "src/index.ts" },
                region: { startLine: 12 },
            });
            for (const outside of [
                "project:///../x.ts#1,1",
                "project:////etc/passwd#1",
                "https://x/y#1,1",
                "project:///a#x",
            ]) {
                expect(placed(outside).artifactLocation).to.deep.equal({ uri: "Pulumi.yaml" });
            }
        });
    });
});
