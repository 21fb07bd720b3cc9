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

export type AuditFormat = "text" | "json" | "csv" | "sarif" | "html" | "ocsf" | "prometheus";

/** The formats of an audit by the values of `--format`. */
export const auditRenderers: Readonly<Record<AuditFormat, (report: AuditReport, columns: number) => string>> = {
    text: auditText,
    json: auditJson,
    csv: auditCsv,
    sarif: auditSarif,
    html: auditHtml,
    ocsf: (report) => auditOcsf(report, packageVersion()),
    prometheus: auditPrometheus,
};
