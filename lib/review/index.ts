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
    type AuditScope,
    auditFindings,
    type BucketAudit,
    type BucketStatus,
} from "./audit/audit-report";
export { StateIndex } from "./audit/state-index";
export { type ChangeClass, changeClasses } from "./changes/change-class";
export type { EncryptionChange, RuleView, StackReview } from "./changes/encryption-change";
export { passesGate, reviewIsWorseThan } from "./changes/gate";
export type { PolicyRefusal, PreviewFindings, PreviewStep, UnreadRule } from "./changes/preview-step";
export { reviewSteps } from "./changes/review-steps";
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
