import { jsonText } from "../../text";
import { htmlReport } from "./html-report";
import { junitReport } from "./junit-report";
import { markdownReport } from "./markdown-report";
import type { RolloutReport } from "./rollout-report";

export type ReportFormat = "html" | "markdown" | "json" | "junit";

const formats: Record<ReportFormat, (report: RolloutReport) => string> = {
    html: htmlReport,
    markdown: markdownReport,
    json: jsonText,
    junit: junitReport,
};

/** A report as text, with every value escaped for the format. */
export const reportText = (format: ReportFormat, report: RolloutReport): string => formats[format](report);
