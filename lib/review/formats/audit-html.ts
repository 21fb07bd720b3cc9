import { type CisRecommendation, cisRecommendationNames } from "../../rule";
import { counted, type HtmlRow, htmlPage, htmlTable, htmlText } from "../../text";
import type { AuditReport, BucketAudit } from "../audit/audit-report";
import { auditChart } from "./audit-chart";
import { auditPageScript } from "./audit-page-script";
import {
    cisCounts,
    cisStatusWords,
    cisTitle,
    findingCounts,
    findingWords,
    managedWords,
    ruleWords,
    sinceText,
    statusWords,
    unlistedText,
} from "./audit-words";
import { pageStyle, printStyle } from "./page-style";

/** An audit as a self-contained page: a chart, filters, and each bucket. Without scripts the page shows all buckets. */
export function auditHtml(report: AuditReport): string {
    const { accounts, at, buckets, notes } = report;
    const body = [
        "<main>",
        "<h1>Bucket encryption audit</h1>",
        `<p class="dim">${htmlText(at)}</p>`,
        `<ul>${accounts.map(accountItem).join("")}</ul>`,
        ...sinceText(report).map((line) => `<p><strong>${htmlText(line)}</strong></p>`),
        ...notes.map((note) => `<p class="warn">${htmlText(note)}</p>`),
        ...[...cisCounts(report), ...unlistedText(report)].map((line) => `<p class="dim">${htmlText(line)}</p>`),
        auditChart(report),
        ...(buckets.length === 0 ? [] : [controls(report), table(report)]),
        "</main>",
    ].join("\n");
    return htmlPage({
        title: "Bucket encryption audit",
        style: `${pageStyle}${auditStyle}${printStyle}`,
        script: auditPageScript,
        body,
    });
}

function accountItem({ account, id, buckets, failure }: AuditReport["accounts"][number]): string {
    const shownId = id === undefined || id === account ? "" : ` (${htmlText(id)})`;
    const failed = failure === undefined ? "" : `<br><span class="bad">Some are unknown: ${htmlText(failure)}</span>`;
    return `<li><strong>${htmlText(account)}</strong>${shownId}: ${counted(buckets, "bucket")}${failed}</li>`;
}

function controls(report: AuditReport): string {
    const option = (value: string, text: string) => `<option value="${htmlText(value)}">${htmlText(text)}</option>`;
    const findings = findingCounts(report).map(({ finding, name, count }) => option(finding, `${name} (${count})`));
    const accounts = report.accounts.map(({ account }) => option(account, account));
    return [
        '<form class="controls" id="filters">',
        '<label>Search <input type="search" id="text" autocomplete="off"></label>',
        `<label>Finding <select id="finding">${option("", "all")}${option("none", "nothing found")}${findings.join("")}</select></label>`,
        `<label>Account <select id="account">${option("", "all")}${accounts.join("")}</select></label>`,
        '<span class="dim" id="shown" role="status"></span>',
        "</form>",
    ].join("\n");
}

function table({ buckets }: AuditReport): string {
    const accounts = new Set(buckets.map(({ account }) => account));
    const benchmark = cisRecommendationNames.filter((name) => buckets.some(({ findings }) => findings.includes(name)));
    const columns = [
        "bucket",
        "rule",
        "key",
        "findings",
        "account",
        "region",
        "managed by",
        ...benchmark.map(cisTitle),
    ].map((title) => ({ title }));
    const rows = buckets.map((bucket) => rowOf(bucket, accounts.size > 1, benchmark));
    return htmlTable(columns, rows, "buckets");
}

function rowOf(bucket: BucketAudit, withAccount: boolean, benchmark: readonly CisRecommendation[]): HtmlRow {
    const tone = bucket.status === "encrypted" ? "good" : bucket.status === "not-encrypted" ? "bad" : "warn";
    const key =
        bucket.keyState === undefined
            ? ""
            : `<code>${htmlText(bucket.key ?? "")}</code> <span class="${keyTone(bucket)}">${htmlText(bucket.keyState)}</span>`;
    const words = bucket.findings.map((finding) => findingWords[finding]).join("; ");
    const notes = bucket.notes.map((note) => `<li>${htmlText(note)}</li>`).join("");
    const cells = [
        `<code>${htmlText(bucket.bucket)}</code>`,
        `<span class="${tone}">${htmlText(statusWords[bucket.status])}</span> ${htmlText(bucket.rule === undefined ? "" : ruleWords(bucket))}`,
        key,
        `${htmlText(words)}${notes === "" ? "" : `<ul class="dim">${notes}</ul>`}`,
        withAccount ? `<span class="name">${htmlText(bucket.account)}</span>` : "",
        `<span class="name">${htmlText(bucket.region)}</span>`,
        bucket.managedBy === undefined ? "" : htmlText(managedWords(bucket)),
        ...benchmark.map((name) => (bucket.cis === undefined ? "" : cisStatusWords[bucket.cis[name]])),
    ];
    return {
        cells,
        attributes: `data-findings="${bucket.findings.join(" ")}" data-account="${htmlText(bucket.account)}"`,
    };
}

function keyTone({ findings }: BucketAudit): string {
    return findings.includes("key-unusable") ? "bad" : findings.includes("key-not-known") ? "warn" : "good";
}

const auditStyle = `
.controls { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: 1rem 0; position: sticky; top: 0; background: var(--paper); padding: .5rem 0; }
.controls label { display: flex; flex-direction: column; font-size: .85rem; }
input, select { font: inherit; color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: .25rem; padding: .3rem .5rem; min-width: 12rem; }
input:focus-visible, select:focus-visible { outline: 2px solid var(--calm); }
figure { margin: 1rem 0; } svg { width: 100%; height: 2rem; display: block; border-radius: .25rem; }
.bar-given { fill: #1b6e3c; } .bar-service { fill: #5aa469; } .bar-sse { fill: #2f5fa8; } .bar-none { fill: #b3261e; } .bar-unknown { fill: #8a8f96; } .bar-other { fill: #8a5a00; }
.legend { list-style: none; padding: 0; margin: .5rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.legend svg { width: .8rem; height: .8rem; display: inline-block; vertical-align: -.05rem; margin-right: .35rem; }
svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
tr[hidden] { display: none; }
@media (max-width: 600px) { .controls { position: static; } .controls label, input, select { width: 100%; } }
`;
