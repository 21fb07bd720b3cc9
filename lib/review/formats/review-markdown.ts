import { counted, markdownCode, markdownTable, markdownText } from "../../text";
import type { EncryptionChange, StackReview } from "../changes/encryption-change";
import { countsOf } from "../changes/stack-review";
import {
    afterText,
    beforeText,
    bucketName,
    changesText,
    classWords,
    countsOfAll,
    countsText,
    gateText,
    listedChanges,
    policyCure,
    type ReviewReport,
    refusalText,
} from "./review-report";

/** How many characters a comment may have. Source: GitHub's API answers `body is too long`; GitLab's limits page. */
export const commentLimits = { github: 65_536, gitlab: 1_000_000 } as const;

export interface MarkdownOptions {
    /** Distinguishes this review's comment from others, so that a pipeline finds it again and updates it in place. */
    readonly marker: string;
    /** The most characters that the text may have. */
    readonly limit: number;
}

const signs: Readonly<Partial<Record<EncryptionChange["class"], string>>> = {
    "protection-ignored": "⛔",
    removed: "⛔",
    weakened: "⛔",
    unknown: "❓",
};

/** The first line of a comment: hidden, and the same for each run. */
export function commentMarker(marker: string): string {
    return `<!-- bucket-encryption-review:${marker} -->`;
}

/** A review as a comment on a pull request. If the text is too long, the last changes, which are the harmless ones, are omitted and counted. */
export function reviewMarkdown(report: ReviewReport, { marker, limit }: MarkdownOptions): string {
    const changes = listedChanges(report);
    const head = headLines(report, marker, limit);
    const kept: EncryptionChange[] = [];
    // Room for the table's head, the note on what is left out, and line ends.
    let room = limit - `${head.join("\n")}\n`.length - 700;
    for (const change of changes) {
        room -= cellsOf(change).join(" | ").length + "|  |\n".length + detailsOf(change).length + "\n".length;
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
    const unchanged = countsOfAll(report.reviews).unchanged;
    const findings = report.reviews.flatMap(findingItems);
    const lines = [
        commentMarker(marker),
        `### Bucket encryption: ${changesText(report.reviews)}`,
        "",
        ...(gate === undefined ? [] : [`**Stopped: ${gate}.**`, ""]),
        ...(unchanged > 0 ? [`${counted(unchanged, "rule")} unchanged.`, ""] : []),
    ];
    const shown: string[] = [];
    // At most half of the comment; the rest is for changes.
    let room = limit / 2 - lines.join("\n").length - 100;
    for (const item of findings) {
        room -= item.length + 1;
        if (room < 0) break;
        shown.push(item);
    }
    const left = findings.length - shown.length;
    if (left > 0)
        shown.push(`- ${counted(left, "more finding")} ${left === 1 ? "is" : "are"} left out here for length.`);
    return [...lines, ...shown, ...(shown.length > 0 ? [""] : [])];
}

/** Findings of a stack's preview besides its changes: the worst first. */
function findingItems({ stack, failures, refusals, unread, notes }: StackReview): string[] {
    const name = markdownCode(stack);
    return [
        ...refusals.map((refusal) => {
            const resource = refusal.urn === undefined ? "" : ` Resource: ${markdownCode(refusal.urn)}.`;
            return `- ⛔ A policy refused the preview of ${name}: ${markdownText(refusalText(refusal))}${resource} ${policyCure}`;
        }),
        ...failures.map((failure) => `- ⛔ The preview of ${name} failed: ${markdownText(failure)}`),
        ...unread.map(({ reason }) => `- ❓ Warning in ${name}: ${markdownText(reason)}`),
        ...notes.map((note) => `- ${name}: ${markdownText(note)}`),
    ];
}

function tableLines(changes: readonly EncryptionChange[]): string[] {
    return [
        ...markdownTable(["", "stack", "bucket", "before", "after"], changes.map(cellsOf)),
        "",
        "<details><summary>What it means</summary>",
        "",
        ...changes.map(detailsOf),
        "",
        "</details>",
    ];
}

function cellsOf(change: EncryptionChange): string[] {
    return [
        `${signs[change.class] === undefined ? "" : `${signs[change.class]} `}${classWords[change.class]}`,
        markdownCode(change.stack),
        markdownCode(bucketName(change)),
        markdownText(beforeText(change)),
        markdownText(afterText(change)),
    ];
}

function detailsOf(change: EncryptionChange): string {
    const sentences = change.meaning.map((sentence) => `  - ${markdownText(sentence)}`);
    return [
        `- ${markdownCode(bucketName(change))} in ${markdownCode(change.stack)}: ${markdownCode(change.urn)}`,
        ...sentences,
    ].join("\n");
}
