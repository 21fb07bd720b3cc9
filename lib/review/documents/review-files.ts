import { type ErrorKind, UserError } from "../../errors";
import { counted, shortened, visible } from "../../text";
import type { StackReview } from "../changes/encryption-change";
import { reviewEntries } from "../changes/review-entries";
import { reviewSteps } from "../changes/review-steps";
import type { ResourceEntry } from "../resources/resource-entry";
import { readPreview } from "./preview-document";
import { issueFault, readJsonText, type TextFault } from "./read-text";
import { readState } from "./state-document";

/** A file, or standard input, as it was read. */
export interface SourceFile {
    /** As the user calls it. */
    readonly name: string;
    readonly bytes: Uint8Array;
}

/** The content of one file, or the reason why it cannot be read. */
export type Outcome<T> = { readonly value: T } | { readonly error: UserError };

/** @param stack the stack's name in the review; by default the name in its resources */
export function reviewPreviewFile(file: SourceFile, stack?: string): Outcome<StackReview> {
    const reading = readJsonText(file.bytes);
    if ("fault" in reading) return failed("invalid-preview", file, reading.fault);
    const preview = readPreview(reading.document);
    if ("issues" in preview) return failed("invalid-preview", file, issueFault(reading.text, preview.issues));
    const { steps, ...findings } = preview.preview;
    const review = reviewSteps(stack ?? stackOf(steps) ?? file.name, steps, findings);
    return { value: { ...review, notes: skippedNotes(reading.skipped) } };
}

function skippedNotes(lines: readonly string[]): string[] {
    const [first] = lines;
    if (first === undefined) return [];
    const count = `${counted(lines.length, "line")} that ${lines.length === 1 ? "is" : "are"}`;
    return [`Skipped ${count} not JSON, beginning with: ${shortened(first, 80)}`];
}

/** The resources of an exported state. */
export function readStateFile(file: SourceFile): Outcome<readonly ResourceEntry[]> {
    const reading = readJsonText(file.bytes);
    if ("fault" in reading) return failed("invalid-exported-state", file, reading.fault);
    const state = readState(reading.document);
    if ("issues" in state) return failed("invalid-exported-state", file, issueFault(reading.text, state.issues));
    return { value: state.resources };
}

/** The review of two exported states. */
export function reviewStateFiles(
    from: readonly ResourceEntry[],
    to: readonly ResourceEntry[],
    stack?: string,
): StackReview {
    return reviewEntries(stack ?? stackOf(to) ?? stackOf(from) ?? "(a stack without resources)", from, to);
}

/** `project/stack`, as the resources' URNs say. */
export function stackOf(resources: readonly { readonly urn: string }[]): string | undefined {
    const [, stack, project] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(resources[0]?.urn ?? "") ?? [];
    return stack === undefined ? undefined : `${project}/${stack}`;
}

function failed(
    kind: ErrorKind,
    { name }: SourceFile,
    { message, position }: TextFault,
): { readonly error: UserError } {
    const place = position === undefined ? visible(name) : `${visible(name)}:${position}`;
    return { error: new UserError(kind, visible(message), { file: place }) };
}
