import { visible } from "../../text";
import type { EncryptionChange, StackReview } from "../changes/encryption-change";
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
        `${visible(stack)}: ${countsText(counts)}${unchanged}`,
        ...failures.map((failure) => `  the preview failed: ${visible(failure)}`),
        ...changes.filter(isListed).flatMap(changeLines),
        "",
    ];
}

function changeLines(change: EncryptionChange): string[] {
    return [
        `  ${classWords[change.class].toUpperCase()}  ${visible(bucketName(change))} (${change.store})`,
        `    ${visible(beforeText(change))} -> ${visible(afterText(change))}`,
        ...change.meaning.map((sentence) => `    ${visible(sentence)}`),
        `    ${visible(change.urn)}`,
    ];
}
