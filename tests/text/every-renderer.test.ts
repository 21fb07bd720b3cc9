import { expect } from "chai";
import fc from "fast-check";
import { reportTable } from "../../lib/cli/rollout-tables";
import {
    auditCsv,
    auditHtml,
    auditJson,
    auditNotification,
    auditOcsf,
    auditPrometheus,
    auditSarif,
    auditText,
    reviewHtml,
    reviewJson,
    reviewMarkdown,
    reviewSarif,
    reviewText,
} from "../../lib/review";
import { reportText } from "../../lib/rollout";
import { oneLine, visible } from "../../lib/text";
import { auditOf, reviewOf, rolloutOf } from "./hostile-reports";
import { hidesSomething, hostileText, hostileTexts } from "./hostile-texts";
import { markdownReaders, type Page, readCsv, readHtml, readSarifMessage, readXml, withoutSpace } from "./readers";

type Renderer = (text: string) => string;

const limit = 1_000_000;
const terminal: Readonly<Record<string, Renderer>> = {
    "a review on a terminal": (text) => reviewText(reviewOf(text), 80),
    "an audit on a terminal": (text) => auditText(auditOf(text), 120),
    "an audit on a narrow terminal": (text) => auditText(auditOf(text), 40),
    "a rollout on a terminal": (text) => reportTable(rolloutOf(text), 120),
};
const markdown: Readonly<Record<string, Renderer>> = {
    "a review in Markdown": (text) => reviewMarkdown(reviewOf(text), { marker: "default", limit }),
    "a rollout in Markdown": (text) => reportText("markdown", rolloutOf(text)),
};
const html: Readonly<Record<string, Renderer>> = {
    "a review as a page": (text) => reviewHtml(reviewOf(text)),
    "an audit as a page": (text) => auditHtml(auditOf(text)),
    "a rollout as a page": (text) => reportText("html", rolloutOf(text)),
};
const json: Readonly<Record<string, Renderer>> = {
    "a review in JSON": (text) => reviewJson(reviewOf(text)),
    "an audit in JSON": (text) => auditJson(auditOf(text)),
    "a rollout in JSON": (text) => reportText("json", rolloutOf(text)),
};
const sarif: Readonly<Record<string, Renderer>> = {
    "a review in SARIF": (text) => reviewSarif(reviewOf(text)),
    "an audit in SARIF": (text) => auditSarif(auditOf(text)),
};
const others: Readonly<Record<string, Renderer>> = {
    "an audit in CSV": (text) => auditCsv(auditOf(text)),
    "an audit in OCSF": (text) => auditOcsf(auditOf(text), "1.0.0"),
    "an audit for Prometheus": (text) => auditPrometheus(auditOf(text)),
    "an audit for Slack": (text) => JSON.stringify(auditNotification(auditOf(text), "slack")),
    "a rollout in JUnit": (text) => reportText("junit", rolloutOf(text)),
};

/** Runs a check with each hostile text, and with texts made of them. */
function withEveryText(check: (text: string) => void): void {
    for (const text of hostileTexts) check(text);
    fc.assert(fc.property(hostileText, check), { numRuns: 10, seed: 20261128 });
}

/** A reader sees the whole text: as a name with its line ends written out, or as a sentence on one line. */
function expectShown(page: string, text: string, context: string): void {
    const forms = [
        visible(text),
        oneLine(text),
        text
            .split(/\r\n|\n/)
            .map((line) => visible(line))
            .join(""),
    ].map(withoutSpace);
    expect(
        forms.some((form) => page.includes(form)),
        `${context}\nshows ${JSON.stringify(text)}\n${page}`,
    ).to.equal(true);
}

function expectSameStructure(page: Page, plain: Page, text: string): void {
    expect(page.elements, JSON.stringify(text)).to.deep.equal(plain.elements);
}

describe("hostile texts", () => {
    for (const [name, render] of Object.entries({ ...terminal, ...markdown, ...html, ...json, ...sarif, ...others })) {
        it(`leave no character that cannot be seen in ${name}`, () => {
            withEveryText((text) => {
                const output = render(text);
                const shown = name.includes("page") ? output.replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, "") : output;
                expect(hidesSomething(shown), JSON.stringify(text)).to.equal(false);
            });
        });
    }

    for (const [name, render] of Object.entries(terminal)) {
        it(`are shown whole in ${name}`, () => {
            withEveryText((text) => expectShown(withoutSpace(render(text)), text, name));
        });
    }

    for (const [name, render] of Object.entries(markdown)) {
        for (const [reader, read] of Object.entries(markdownReaders)) {
            it(`are shown whole, and are nothing but text, in ${name} as ${reader} reads it`, () => {
                const plain = read(render("plain"));
                withEveryText((text) => {
                    const page = read(render(text));
                    expectSameStructure(page, plain, text);
                    expectShown(page.text, text, name);
                    // Forges look for these outside of code: mentions, references, links, commits, emoji, formulas.
                    expect(page.textOutsideCode, JSON.stringify(text)).not.to.match(
                        /@\w|(?<!&)#\d|![0-9]|:\/\/|www\.|\bGH-\d|[0-9a-f]{40}|:\w+:(?=\s)|\$\w+\$/,
                    );
                });
            });
        }
    }

    for (const [name, render] of Object.entries(html)) {
        it(`are shown whole, and are nothing but text, in ${name}`, () => {
            const plain = readHtml(render("plain"), ["br"]);
            withEveryText((text) => {
                const page = readHtml(render(text), ["br"]);
                expectSameStructure(page, plain, text);
                expectShown(page.text, text, name);
            });
        });
    }

    for (const [name, render] of Object.entries(json)) {
        it(`stay the same data in ${name}`, () => {
            withEveryText((text) => {
                expect(textsOf(JSON.parse(render(text)))).to.include(text);
            });
        });
    }

    for (const [name, render] of Object.entries(sarif)) {
        it(`are shown whole, and are no link or argument, in ${name}`, () => {
            withEveryText((text) => {
                const log = JSON.parse(render(text)) as { runs: { results: { message: { text: string } }[] }[] };
                const messages = log.runs.flatMap(({ results }) => results.map(({ message }) => message.text));
                const all = withoutSpace(messages.map(readSarifMessage).join(" "));
                expectShown(all, text, name);
            });
        });
    }

    it("are cells that no spreadsheet takes for a formula", () => {
        const plain = readCsv(others["an audit in CSV"]?.("plain") ?? "").map((row) => row.length);
        withEveryText((text) => {
            const rows = readCsv(auditCsv(auditOf(text)));
            expect(rows.map((row) => row.length)).to.deep.equal(plain);
            for (const cell of rows.flat()) expect(cell).not.to.match(/^\s*[=+\-@|%＝＋－＠]/);
            expectShown(withoutSpace(rows.flat().join(" ")), text, "CSV");
        });
    });

    it("are shown whole, and are nothing but text, in a rollout in JUnit", () => {
        const plain = readXml(reportText("junit", rolloutOf("plain")));
        withEveryText((text) => {
            const page = readXml(reportText("junit", rolloutOf(text)));
            expectSameStructure(page, plain, text);
            expectShown(page.text, text, "JUnit");
        });
    });
});

function textsOf(value: unknown): string[] {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
