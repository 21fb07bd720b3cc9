import type { RolloutFile, RolloutPlan, RolloutReport } from "../rollout";
import { stacksOf } from "../rollout/file/rollout-file";
import { bucketWords, changesText, countsText, stackWords, stateText, waveWords } from "../rollout/report/report-words";

/** Without control characters, which could write elsewhere on a terminal than where they stand; line ends become spaces. */
export function printable(text: string): string {
    return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, " ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const lines = [head, ...rows].map((row) => row.map(printable));
    const widths = head.map((_, column) => Math.max(...lines.map((row) => (row[column] ?? "").length)));
    return lines
        .map((row) =>
            row
                .map((cell, column) => cell.padEnd(widths[column] ?? 0))
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
}

const cut = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

/** What a plan found: one line for each stack, in the order of the waves. */
export function planText(file: RolloutFile, plan: RolloutPlan, planFile: string): string {
    const planned = new Map(plan.stacks.map((stack) => [stack.name, stack]));
    const inFile = new Map(file.stacks.map((stack) => [stack.name, stack]));
    const hasFailed = plan.stacks.some(({ failure }) => failure !== undefined);
    const rows = file.waves.flatMap((wave) =>
        stacksOf(wave).flatMap((name) => {
            const stack = planned.get(name);
            if (stack === undefined) return [];
            const { account = "", region = "" } = inFile.get(name) ?? {};
            const levels = stack.violations.map(({ level, policy }) => `${policy} (${level})`);
            return [
                [
                    wave.name,
                    name,
                    account,
                    region,
                    changesText(stack.changes),
                    stack.risk,
                    [...new Set(levels)].join(", ") || "none",
                    ...(hasFailed ? [cut(stack.failure?.message ?? "")] : []),
                ],
            ];
        }),
    );
    const head = ["WAVE", "STACK", "ACCOUNT", "REGION", "CHANGES", "RISK", "POLICIES"];
    return [
        table(hasFailed ? [...head, "COULD NOT BE PLANNED"] : head, rows),
        ...plan.stacks.flatMap(({ name, warnings, failure }) =>
            warnings
                .filter((text) => failure === undefined || !text.includes(failure.message))
                .map((text) => printable(`${name}: ${cut(text)}`)),
        ),
        `The plan is in ${planFile}.`,
        "",
    ].join("\n");
}

/** Where a rollout stands: one line for each stack, and every bucket that isn't as declared. */
export function reportTable(report: RolloutReport): string {
    const rows = report.waves.flatMap((wave) =>
        wave.stacks.map(({ name, account = "", state, turns, buckets, reason = "" }) => {
            const good = buckets.filter(({ status }) => status === "as-declared").length;
            return [
                wave.name,
                waveWords[wave.state],
                name,
                account,
                stackWords[state],
                String(turns),
                `${good}/${buckets.length}`,
                cut(reason),
            ];
        }),
    );
    const others = report.waves.flatMap(({ stacks }) =>
        stacks.flatMap(({ name, buckets }) =>
            buckets
                .filter(({ status }) => status !== "as-declared")
                .map(({ bucket, status, why = "" }) => [name, bucket, bucketWords[status], cut(why)]),
        ),
    );
    return [
        printable(`${report.name}: ${stateText(report)}`),
        table(["WAVE", "STATE", "STACK", "ACCOUNT", "OUTCOME", "TURNS", "BUCKETS", "WHY"], rows),
        ...(others.length === 0 ? [] : ["", table(["STACK", "BUCKET", "IS", "WHY"], others)]),
        "",
        `stacks: ${countsText(report.totals.stacks, stackWords)}`,
        `buckets: ${countsText(report.totals.buckets, bucketWords)}`,
        "",
    ].join("\n");
}
