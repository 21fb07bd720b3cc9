import { type HtmlRow, htmlLines, htmlPage, htmlTable, htmlText } from "../../text";
import type { ChangeClass } from "../changes/change-class";
import type { EncryptionChange, StackReview } from "../changes/encryption-change";
import type { PolicyRefusal } from "../changes/preview-step";
import { pageStyle, printStyle } from "./page-style";
import {
    afterText,
    beforeText,
    bucketName,
    changesText,
    classWords,
    gateText,
    isListed,
    policyCure,
    type ReviewReport,
    refusalText,
} from "./review-report";

const tones: Readonly<Record<ChangeClass, string>> = {
    "protection-ignored": "bad",
    removed: "bad",
    weakened: "bad",
    unknown: "warn",
    "account-changed": "warn",
    "key-changed": "warn",
    "algorithm-changed": "calm",
    added: "good",
    strengthened: "good",
    unchanged: "dim",
};

/** A review as a self-contained page. */
export function reviewHtml(report: ReviewReport): string {
    const gate = gateText(report);
    const body = [
        "<main>",
        "<h1>Bucket encryption review</h1>",
        `<p class="dim">${htmlText(changesText(report.reviews, true))}</p>`,
        ...(gate === undefined ? [] : [`<p class="stopped"><strong>Stopped:</strong> ${htmlText(gate)}.</p>`]),
        ...report.reviews.map(stackSection),
        "</main>",
    ].join("\n");
    return htmlPage({ title: "Bucket encryption review", style: `${pageStyle}${printStyle}`, body });
}

function stackSection(review: StackReview): string {
    const { stack, changes, failures, refusals, unread, notes } = review;
    const listed = changes.filter(isListed);
    return [
        `<section><h2>${htmlText(stack)}</h2>`,
        `<p class="dim">${htmlText(changesText([review], true))}</p>`,
        ...notes.map((note) => `<p class="dim">${htmlText(note)}</p>`),
        ...failures.map((failure) => `<p class="bad">The preview failed: ${htmlLines(failure)}</p>`),
        ...refusals.map(refusalParagraph),
        ...unread.map(({ reason }) => `<p class="warn">Warning: ${htmlLines(reason)}</p>`),
        ...(listed.length === 0 ? [] : [htmlTable(columns, listed.map(rowOf))]),
        "</section>",
    ].join("\n");
}

function refusalParagraph(refusal: PolicyRefusal): string {
    const resource = refusal.urn === undefined ? "" : `<br><code>${htmlText(refusal.urn)}</code>`;
    return `<p><span class="bad">Refused by the policy</span> ${htmlLines(refusalText(refusal))}${resource}<br>${policyCure}</p>`;
}

const columns = ["bucket", "rule", "change", "what it means"].map((title) => ({ title }));

function rowOf(change: EncryptionChange): HtmlRow {
    const meaning = change.meaning.map((sentence) => `<li>${htmlText(sentence)}</li>`).join("");
    const cells = [
        `<code>${htmlText(bucketName(change))}</code> <span class="dim">${change.store}</span>`,
        `${htmlText(beforeText(change))} → ${htmlText(afterText(change))}`,
        `<span class="${tones[change.class]}">${htmlText(classWords[change.class])}</span>`,
        `<ul>${meaning}</ul><code class="dim">${htmlText(change.urn)}</code>`,
    ];
    return { cells };
}
