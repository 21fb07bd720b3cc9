import { foldedLine, oneLine, visible } from "../../text";
import type { EncryptionChange, StackReview } from "../changes/encryption-change";
import type { PolicyRefusal } from "../changes/preview-step";
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

/** A review for a terminal or a log, in plain text. @param columns the longest line */
export function reviewText(report: ReviewReport, columns: number): string {
    const gate = gateText(report);
    const lines = [...report.reviews.flatMap(stackLines), ...(gate === undefined ? [] : [`Stopped: ${gate}.`]), ""];
    return lines.flatMap((line) => foldedLine(line, columns)).join("\n");
}

function stackLines(review: StackReview): string[] {
    const { stack, changes, counts, failures, refusals, unread, notes } = review;
    const unchanged = counts.unchanged > 0 ? `, ${counts.unchanged} unchanged` : "";
    return [
        `${visible(stack)}: ${changesText([review])}${unchanged}`,
        ...notes.map((note) => `  ${visible(note)}`),
        ...failures.map((failure) => `  the preview failed: ${oneLine(failure)}`),
        ...refusals.flatMap(refusalLines),
        ...unread.map(({ reason }) => `  warning: ${oneLine(reason)}`),
        ...changes.filter(isListed).flatMap(changeLines),
        "",
    ];
}

function refusalLines(refusal: PolicyRefusal): string[] {
    return [
        `  REFUSED by the policy ${oneLine(refusalText(refusal))}`,
        ...(refusal.urn === undefined ? [] : [`    ${visible(refusal.urn)}`]),
        `    ${policyCure}`,
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
