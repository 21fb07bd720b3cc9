import { jsonText } from "../../text";
import type { AuditReport } from "../audit/audit-report";
import { findingCounts } from "./audit-words";

/** An audit for programs. Fields may be added within a version, none is renamed or removed. */
export function auditJson(report: AuditReport): string {
    const counts = Object.fromEntries(findingCounts(report).map(({ finding, count }) => [finding, count]));
    return jsonText({ version: 1, counts, ...report });
}
