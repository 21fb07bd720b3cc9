import { UserError } from "../errors";
import type { StackReview } from "./changes/encryption-change";
import { reviewSteps } from "./changes/review-preview";
import { reviewEntries } from "./changes/review-states";
import { type DocumentIssue, pathText } from "./documents/document-issue";
import { readPreview } from "./documents/preview-document";
import { readState } from "./documents/state-document";

export { type AdoptingProgram, adoptingProgram } from "./audit/adopting-program";
export { type AuditOptions, type AuditOutcome, auditAccounts } from "./audit/audit-accounts";
export {
    auditSince,
    type EarlierAudit,
} from "./audit/audit-changes";
export type { AuditedAccount, KeyAnswer } from "./audit/audit-ports";
export {
    type AccountAudit,
    type AuditFinding,
    type AuditReport,
    auditFindings,
    type BucketAudit,
    type BucketStatus,
} from "./audit/audit-report";
export { StateIndex } from "./audit/state-index";
export { type ChangeClass, changeClasses } from "./changes/change-class";
export type { EncryptionChange, RuleView, StackReview } from "./changes/encryption-change";
export { passesGate, reviewIsWorseThan } from "./changes/gate";
export type { PolicyRefusal, PreviewFindings, PreviewStep, UnreadRule } from "./changes/preview-step";
export { reviewSteps } from "./changes/review-preview";
export { largestDocumentBytes } from "./documents/read-text";
export {
    type Outcome,
    readStateFile,
    reviewPreviewFile,
    reviewStateFiles,
    type SourceFile,
} from "./documents/review-files";
export { auditCsv } from "./formats/audit-csv";
export { auditHtml } from "./formats/audit-html";
export { auditJson } from "./formats/audit-json";
export { auditNotification, type NotificationFormat, notificationFormats } from "./formats/audit-notification";
export { auditOcsf } from "./formats/audit-ocsf";
export { auditPrometheus } from "./formats/audit-prometheus";
export { auditSarif } from "./formats/audit-sarif";
export { auditText } from "./formats/audit-text";
export { reviewHtml } from "./formats/review-html";
export { reviewJson } from "./formats/review-json";
export { commentLimits, reviewMarkdown } from "./formats/review-markdown";
export { passes, type ReviewReport } from "./formats/review-report";
export { reviewSarif } from "./formats/review-sarif";
export { reviewText } from "./formats/review-text";

export interface ReviewOptions {
    /** What the stack is called in the review. */
    readonly stack: string;
    /** Where the document came from, for messages. */
    readonly file?: string;
}

/**
 * What the deployment that a preview shows means for encryption.
 * @param document what `pulumi preview --json` printed, parsed, or a list of engine events
 * @throws UserError of kind `invalid-preview`
 */
export function reviewPreview(document: unknown, { stack, file }: ReviewOptions): StackReview {
    const reading = readPreview(document);
    if ("issues" in reading) throw invalidDocument("invalid-preview", reading.issues, file);
    const { steps, ...findings } = reading.preview;
    return reviewSteps(stack, steps, findings);
}

/**
 * Reviews the changes between two states of a stack.
 * @param from what `pulumi stack export` printed before, parsed
 * @throws UserError of kind `invalid-exported-state`
 */
export function reviewStates(from: unknown, to: unknown, { stack, file }: ReviewOptions): StackReview {
    const [before, after] = [readState(from), readState(to)];
    const issues = [before, after].flatMap((reading) => ("issues" in reading ? reading.issues : []));
    if ("issues" in before || "issues" in after) throw invalidDocument("invalid-exported-state", issues, file);
    return reviewEntries(stack, before.resources, after.resources);
}

function invalidDocument(
    kind: "invalid-preview" | "invalid-exported-state",
    issues: readonly DocumentIssue[],
    file: string | undefined,
): UserError {
    const [first] = issues;
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
    const place = first === undefined || first.path.length === 0 ? "" : `${pathText(first.path)} `;
    return new UserError(kind, `${place}${first?.message}${more}`, { file });
}
