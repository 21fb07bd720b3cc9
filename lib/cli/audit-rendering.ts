import {
    type AuditReport,
    auditCsv,
    auditHtml,
    auditJson,
    auditOcsf,
    auditPrometheus,
    auditSarif,
    auditText,
} from "../review";
import { packageVersion } from "./command-line";

export const auditFormats = ["text", "json", "csv", "sarif", "html", "ocsf", "prometheus"] as const;
export type AuditFormat = (typeof auditFormats)[number];

export function renderedAudit(report: AuditReport, format: AuditFormat, columns: number): string {
    switch (format) {
        case "json":
            return auditJson(report);
        case "csv":
            return auditCsv(report);
        case "sarif":
            return auditSarif(report);
        case "html":
            return auditHtml(report);
        case "ocsf":
            return auditOcsf(report, packageVersion());
        case "prometheus":
            return auditPrometheus(report);
        case "text":
            return auditText(report, columns);
    }
}
