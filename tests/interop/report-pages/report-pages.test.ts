import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";
import { expect } from "chai";
import { type AuditReport, auditHtml, type BucketAudit, reviewHtml, reviewPreviewFile } from "../../../lib/review";
import { type ReportedStack, type RolloutReport, reportText } from "../../../lib/rollout";
import { skipBecause } from "../../skip-because";

const chromium = ["chromium", "chromium-browser", "google-chrome"].find(
    (name) => spawnSync(name, ["--version"]).status === 0,
);

const longName = "example-production-customer-documents-archive-eu-central-2-0001";
const bucket = (name: string, rest: Partial<BucketAudit>): BucketAudit => ({
    account: "1000000000000001",
    bucket: name,
    region: "cn-hangzhou",
    status: "encrypted",
    findings: [],
    notes: [],
    ...rest,
});
const audit: AuditReport = {
    at: "2026-11-28T05:00:00.000Z",
    scope: { store: "oss", service: "Alibaba Cloud" },
    unlisted: ["table buckets (OSS Tables)"],
    notes: [],
    accounts: [{ account: "1000000000000001", buckets: 3 }],
    buckets: [
        bucket("example-plain", { status: "not-encrypted", findings: ["not-encrypted"] }),
        bucket(longName, {
            rule: { text: "KMS with the given key …f6a7", sseAlgorithm: "KMS", key: "given" },
            key: "…f6a7",
            keyState: "Disabled",
            findings: ["key-unusable"],
            notes: ["The key is disabled: writes fail, and objects that were encrypted with it cannot be read."],
        }),
        bucket("example-logs", { rule: { text: "AES256", sseAlgorithm: "AES256" } }),
    ],
};
const stack = (name: string): ReportedStack => ({
    name,
    account: "1000000000000001",
    region: "cn-hangzhou",
    state: "deployed",
    turns: 1,
    changes: { create: 1 },
    risk: "added",
    violations: [],
    buckets: [{ bucket: longName, urn: "urn:logs", status: "as-declared" }],
});
const rollout = {
    name: "encrypt",
    state: "completed",
    engine: "pulumi-embedded",
    plan: "0",
    totals: { stacks: { deployed: 30 }, buckets: { "as-declared": 30 } },
    waves: [
        {
            name: "production",
            state: "done",
            maxConcurrent: 5,
            failureTolerance: 1,
            stacks: Array.from({ length: 30 }, (_, index) => stack(`account-${index}`)),
        },
    ],
} as unknown as RolloutReport;

function reviewPage(): string {
    const file = path.join(__dirname, "..", "..", "review", "previews", "real-changes.json");
    const outcome = reviewPreviewFile({ name: file, bytes: readFileSync(file) });
    if ("error" in outcome) throw outcome.error;
    return reviewHtml({ reviews: [outcome.value], failOn: new Set(["removed"]) });
}

/** What a browser lays out. */
interface Layout {
    readonly width: number;
    readonly row: string;
    readonly second: string;
    readonly brokenNames: number;
    readonly textHeight: number;
    readonly shown: string;
    readonly visibleRows: string[];
}

const measure = `
    const page = frame.contentDocument, view = frame.contentWindow;
    const row = page.querySelector("tbody tr");
    const names = [...page.querySelectorAll("tbody th > code")];
    const picture = [...page.querySelectorAll("svg.waves")].find((svg) => view.getComputedStyle(svg).display !== "none");
    document.title = JSON.stringify({
        width: page.scrollingElement.scrollWidth,
        row: view.getComputedStyle(row).display,
        second: row.children[1].dataset.label,
        brokenNames: names.filter((name) => name.getClientRects().length > 1).length,
        textHeight: picture ? picture.querySelector("text").getBoundingClientRect().height : 0,
        shown: page.getElementById("shown")?.textContent ?? "",
        visibleRows: [...page.querySelectorAll("tbody tr")].filter((one) => !one.hidden).map((one) => one.querySelector("code").textContent),
    });`;

describe("report pages in a browser", function () {
    this.timeout(120_000);
    let folder: string;
    before(function () {
        if (chromium === undefined) skipBecause(this, "there is no chromium on the PATH");
        folder = mkdtempSync(path.join(tmpdir(), "report-pages-"));
        writeFileSync(path.join(folder, "audit.html"), auditHtml(audit));
        writeFileSync(path.join(folder, "review.html"), reviewPage());
        writeFileSync(path.join(folder, "rollout.html"), reportText("html", rollout));
    });
    after(() => {
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    const browse = (args: readonly string[]) =>
        spawnSync(
            chromium as string,
            [
                ...["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"],
                ...["--allow-file-access-from-files", `--user-data-dir=${path.join(folder, "browser")}`],
                ...args,
            ],
            { encoding: "utf8", timeout: 60_000 },
        );

    /** Lays a page out in a frame of a width, and measures it from outside: its policy lets no other script run. */
    function layout(page: string, width: number): Layout {
        const harness = path.join(folder, "harness.html");
        writeFileSync(
            harness,
            `<!DOCTYPE html><iframe src="${page}" style="border:0;width:${width}px;height:900px"></iframe>
<script>const frame = document.querySelector("iframe"); frame.onload = () => setTimeout(() => {${measure}}, 300);</script>`,
        );
        const { stdout } = browse(["--dump-dom", "--window-size=1400,1000", pathToFileURL(harness).href]);
        const title = /<title>(.*)<\/title>/.exec(stdout)?.[1] ?? "";
        return JSON.parse(title.replaceAll("&amp;", "&"));
    }

    for (const page of ["audit", "review", "rollout"]) {
        it(`shows cards without scrolling sideways at 400 px, and a table at 1280 px: ${page}`, () => {
            const narrow = layout(`${page}.html`, 400);
            expect(narrow.width).to.be.at.most(400);
            expect(narrow).to.include({ row: "block", brokenNames: 0 });
            const wide = layout(`${page}.html`, 1_280);
            expect(wide.width).to.be.at.most(1_280);
            expect(wide).to.include({ row: "table-row", brokenNames: 0 });
            expect(narrow.second).to.equal(page === "rollout" ? "outcome" : "rule");
            if (page === "rollout")
                for (const { textHeight } of [narrow, wide]) expect(textHeight).to.be.within(13, 20);
        });
    }

    it("hides what the filters of an audit leave out, as its address says", () => {
        expect(layout("audit.html", 1_000)).to.deep.include({ shown: "3 of 3 shown" });
        const filtered = layout("audit.html#finding=key-unusable&text=archive", 1_000);
        expect(filtered).to.deep.include({ shown: "1 of 3 shown", visibleRows: [longName] });
    });

    it("is light and dark as the reader's system is", () => {
        const backgrounds = ["1", "0"].map((scheme) => {
            const image = path.join(folder, `page-${scheme}.png`);
            const color = `--blink-settings=preferredColorScheme=${scheme}`;
            browse([
                `--screenshot=${image}`,
                "--window-size=400,300",
                color,
                pathToFileURL(path.join(folder, "audit.html")).href,
            ]);
            return topLeftPixel(readFileSync(image));
        });
        expect(backgrounds).to.deep.equal(["#ffffff", "#14171a"]);
    });

    it("can be printed", () => {
        const paper = path.join(folder, "page.pdf");
        browse([
            `--print-to-pdf=${paper}`,
            "--no-pdf-header-footer",
            pathToFileURL(path.join(folder, "audit.html")).href,
        ]);
        expect(readFileSync(paper).subarray(0, 5).toString()).to.equal("%PDF-");
    });
});

/** Of the first row every filter of PNG leaves the first pixel as it is. */
function topLeftPixel(image: Buffer): string {
    const parts: Buffer[] = [];
    for (let at = 8; at < image.length; at += image.readUInt32BE(at) + 12) {
        const length = image.readUInt32BE(at);
        if (image.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(image.subarray(at + 8, at + 8 + length));
    }
    return `#${inflateSync(Buffer.concat(parts)).subarray(1, 4).toString("hex")}`;
}
