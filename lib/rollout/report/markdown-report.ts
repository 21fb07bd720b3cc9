import { counted, markdownCode, markdownTable, markdownText } from "../../text";
import { bucketWords, changesText, countsText, coverageNote, stackWords, stateText, waveWords } from "./report-words";
import type { ReportedStack, RolloutReport } from "./rollout-report";

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
            ...markdownTable(
                ["stack", "account", "region", "outcome", "changes", "risk", "buckets as declared", "reason"],
                wave.stacks.map((stack) => stackCells(stack).map(markdownText)),
            ),
        );
    }
    const buckets = report.waves
        .flatMap(({ stacks }) => stacks)
        .flatMap(({ name, buckets: all }) =>
            all.map(({ bucket, status, why = "" }) => [bucket, name, bucketWords[status], why].map(markdownText)),
        );
    lines.push("", "## Buckets", "", ...markdownTable(["bucket", "stack", "status", "reason"], buckets));
    return `${lines.concat("", coverageNote).join("\n")}\n`;
}

function stackCells({
    name,
    account = "",
    region = "",
    state,
    changes,
    risk,
    buckets,
    reason = "",
}: ReportedStack): string[] {
    const good = buckets.filter(({ status }) => status === "as-declared").length;
    return [
        name,
        account,
        region,
        stackWords[state],
        changesText(changes, state !== "not-planned"),
        risk,
        `${good} of ${buckets.length}`,
        reason,
    ];
}
