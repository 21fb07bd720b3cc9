import { markdownCode, markdownText } from "../../text";
import type { EncryptionChange } from "../changes/encryption-change";
import { countsOf } from "../changes/stack-review";
import {
    afterText,
    beforeText,
    bucketName,
    classWords,
    countsText,
    gateText,
    listedChanges,
    type ReviewReport,
    totalCounts,
} from "./review-report";

/** How many characters a comment may have. Source: GitHub's API answers `body is too long`; GitLab's limits page. */
export const commentLimits = { github: 65_536, gitlab: 1_000_000 } as const;

export interface MarkdownOptions {
    /** Tells this review's comment from others, so that a pipeline finds it again and updates it in place. */
    readonly marker: string;
    /** The most characters that the text may have. */
    readonly limit: number;
}

const signs: Readonly<Partial<Record<EncryptionChange["class"], string>>> = {
    removed: "⛔",
    weakened: "⛔",
    unknown: "❓",
};

/** The first line of a comment: hidden, and the same for each run. */
export function commentMarker(marker: string): string {
    return `<!-- bucket-encryption-review:${marker} -->`;
}

/** A review as a comment on a pull request. What doesn't fit is left out from the end, where the harmless changes are, and counted. */
export function reviewMarkdown(report: ReviewReport, { marker, limit }: MarkdownOptions): string {
    const changes = listedChanges(report);
    const head = headLines(report, marker, limit);
    const kept: EncryptionChange[] = [];
    // Room for the table's head, the note on what is left out, and line ends.
    let room = limit - `${head.join("\n")}\n`.length - 700;
    for (const change of changes) {
        room -= rowOf(change).length + detailsOf(change).length + 2;
        if (room < 0) break;
        kept.push(change);
    }
    const left = changes.slice(kept.length);
    const lines = [
        ...head,
        ...(kept.length === 0 ? [] : tableLines(kept)),
        ...(left.length === 0
            ? []
            : [
                  "",
                  `${left.length} more left out here for length, none worse than these: ${countsText(countsOf(left))}.`,
              ]),
    ];
    return `${lines.join("\n")}\n`;
}

function headLines(report: ReviewReport, marker: string, limit: number): string[] {
    const gate = gateText(report);
    const unchanged = totalCounts(report).unchanged;
    const failures = report.reviews.flatMap(({ stack, failures }) => failures.map((failure) => ({ stack, failure })));
    const lines = [
        commentMarker(marker),
        `### Bucket encryption: ${countsText(totalCounts(report))}`,
        "",
        ...(gate === undefined ? [] : [`**Stopped: ${gate}.**`, ""]),
        ...(unchanged > 0 ? [`${unchanged} ${unchanged === 1 ? "rule" : "rules"} unchanged.`, ""] : []),
    ];
    const shown = failures
        .slice(0, 20)
        .map(({ stack, failure }) => `- The preview of ${markdownCode(stack)} failed: ${markdownCode(failure)}`);
    const fits = [...lines, ...shown].join("\n").length < limit / 2;
    return fits ? [...lines, ...shown, ...(shown.length > 0 ? [""] : [])] : lines;
}

function tableLines(changes: readonly EncryptionChange[]): string[] {
    return [
        "| | stack | bucket | before | after |",
        "| --- | --- | --- | --- | --- |",
        ...changes.map(rowOf),
        "",
        "<details><summary>What it means</summary>",
        "",
        ...changes.map(detailsOf),
        "",
        "</details>",
    ];
}

function rowOf(change: EncryptionChange): string {
    const cells = [
        `${signs[change.class] === undefined ? "" : `${signs[change.class]} `}${classWords[change.class]}`,
        markdownCode(change.stack),
        markdownCode(bucketName(change)),
        markdownText(beforeText(change)),
        markdownText(afterText(change)),
    ];
    return `| ${cells.join(" | ")} |`;
}

function detailsOf(change: EncryptionChange): string {
    const sentences = change.meaning.map((sentence) => `  - ${markdownText(sentence)}`);
    return [
        `- ${markdownCode(bucketName(change))} in ${markdownCode(change.stack)}: ${markdownCode(change.urn)}`,
        ...sentences,
    ].join("\n");
}
