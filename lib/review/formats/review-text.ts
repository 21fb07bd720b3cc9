import type { EncryptionChange, StackReview } from "../changes/encryption-change";
import { printable } from "./printable-text";
import {
    afterText,
    beforeText,
    bucketName,
    classWords,
    countsText,
    gateText,
    isListed,
    type ReviewReport,
} from "./review-report";

/** A review for a terminal or a log, in plain text. */
export function reviewText(report: ReviewReport): string {
    const gate = gateText(report);
    return [...report.reviews.flatMap(stackLines), ...(gate === undefined ? [] : [`Stopped: ${gate}.`]), ""].join("\n");
}

function stackLines({ stack, changes, counts, failures }: StackReview): string[] {
    const unchanged = counts.unchanged > 0 ? `, ${counts.unchanged} unchanged` : "";
    return [
        `${printable(stack)}: ${countsText(counts)}${unchanged}`,
        ...failures.map((failure) => `  the preview failed: ${printable(failure)}`),
        ...changes.filter(isListed).flatMap(changeLines),
        "",
    ];
}

function changeLines(change: EncryptionChange): string[] {
    return [
        `  ${classWords[change.class].toUpperCase()}  ${printable(bucketName(change))} (${change.store})`,
        `    ${printable(beforeText(change))} -> ${printable(afterText(change))}`,
        ...change.meaning.map((sentence) => `    ${printable(sentence)}`),
        `    ${printable(change.urn)}`,
    ];
}
