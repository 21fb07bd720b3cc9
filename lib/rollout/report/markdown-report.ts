import { counted, markdownCode, markdownText } from "../../text";
import { bucketWords, changesText, countsText, coverageNote, stackWords, stateText, waveWords } from "./report-words";
import type { RolloutReport } from "./rollout-report";

/** A report for a pull request, a ticket or a wiki. */
export function markdownReport(report: RolloutReport): string {
    const lines = [
        `# ${markdownText(report.name)}`,
        "",
        `**${markdownText(stateText(report))}**`,
        "",
        `- stacks: ${countsText(report.totals.stacks, stackWords)}`,
        `- buckets: ${countsText(report.totals.buckets, bucketWords)}`,
        ...(report.begunAt === undefined
            ? []
            : [`- started ${report.begunAt}${report.endedAt === undefined ? "" : `, ended ${report.endedAt}`}`]),
        `- engine: ${markdownText(report.engine)}; plan: ${markdownCode(report.plan.slice(0, 12))}`,
    ];
    for (const wave of report.waves) {
        lines.push(
            "",
            `## Wave ${markdownText(wave.name)}: ${waveWords[wave.state]}`,
            "",
            `At most ${counted(wave.maxConcurrent, "stack")} at the same time; ${wave.failureTolerance} may fail.`,
            "",
            "| stack | account | region | outcome | changes | risk | buckets as declared | reason |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            ...wave.stacks.map(({ name, account = "", region = "", state, changes, risk, buckets, reason = "" }) => {
                const good = buckets.filter(({ status }) => status === "as-declared").length;
                const cells = [
                    name,
                    account,
                    region,
                    stackWords[state],
                    changesText(changes),
                    risk,
                    `${good} of ${buckets.length}`,
                    reason,
                ];
                return `| ${cells.map(markdownText).join(" | ")} |`;
            }),
        );
    }
    lines.push("", "## Buckets", "", "| bucket | stack | status | reason |", "| --- | --- | --- | --- |");
    for (const { name, buckets } of report.waves.flatMap(({ stacks }) => stacks)) {
        for (const { bucket, status, why = "" } of buckets)
            lines.push(`| ${[bucket, name, bucketWords[status], why].map(markdownText).join(" | ")} |`);
    }
    return `${lines.concat("", coverageNote).join("\n")}\n`;
}
