import {
    type Outcome,
    readStateFile,
    reviewPreviewFile,
    reviewStateFiles,
    type SourceFile,
    type StackReview,
} from "../../lib/review";

const fileOf = (document: unknown): SourceFile => ({ name: "p.json", bytes: Buffer.from(JSON.stringify(document)) });

function expectValue<T>(outcome: Outcome<T>): T {
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
}

/** The review of a preview's document, as of a file with it. */
export function reviewPreview(document: unknown, stack = "dev"): StackReview {
    return expectValue(reviewPreviewFile(fileOf(document), stack));
}

/** The review of two exported states, as of files with them. */
export function reviewStates(from: unknown, to: unknown): StackReview {
    const [before, after] = [from, to].map((document) => expectValue(readStateFile(fileOf(document))));
    return reviewStateFiles(before ?? [], after ?? [], "dev");
}
