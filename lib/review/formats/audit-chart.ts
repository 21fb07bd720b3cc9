import { counted, htmlText } from "../../text";
import type { AuditReport } from "../audit/audit-report";
import { ruleCounts } from "./audit-words";

/** How many buckets have which kind of rule, as a bar. Words and numbers beside the colours say the same. */
export function auditChart(report: AuditReport): string {
    const total = report.buckets.length;
    if (total === 0) return "";
    const shares = ruleCounts(report).filter(({ count }) => count > 0);
    let at = 0;
    const bars = shares.map(({ name, tone, count }) => {
        const width = (count / total) * 1_000;
        const bar = `<rect class="bar-${tone}" x="${at.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="32"><title>${htmlText(name)}: ${count}</title></rect>`;
        at += width;
        return bar;
    });
    const legend = shares.map(({ name, tone, count }) => {
        const percent = `${((count / total) * 100).toFixed(count === total ? 0 : 1)} %`;
        const sign = `<svg viewBox="0 0 1 1" aria-hidden="true"><rect class="bar-${tone}" width="1" height="1"/></svg>`;
        return `<li>${sign}${htmlText(name)}: <strong>${count}</strong> (${percent})</li>`;
    });
    const words = shares.map(({ name, count }) => `${count} ${name}`).join(", ");
    return [
        "<figure>",
        `<svg viewBox="0 0 1000 32" preserveAspectRatio="none" role="img" aria-label="${htmlText(`${counted(total, "bucket")}: ${words}`)}">${bars.join("")}</svg>`,
        `<figcaption><ul class="legend">${legend.join("")}</ul></figcaption>`,
        "</figure>",
    ].join("\n");
}
