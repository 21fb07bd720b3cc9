import type { RolloutFile, RolloutPlan, RolloutReport } from "../rollout";
import { bucketWords, changesText, countsText, stacksOf, stackWords, stateText, waveWords } from "../rollout";
import { oneLine, shortened, textTable, visible } from "../text";

const table = (head: readonly string[], rows: readonly (readonly string[])[], columns: number): string =>
    textTable(
        head,
        rows.map((cells) => ({ cells })),
        { columns },
    ).trimEnd();

const cut = (text: string): string => oneLine(shortened(text, 300));

/** A plan as a table: one line for each stack, in the order of the waves. */
export function planText(file: RolloutFile, plan: RolloutPlan, columns: number): string {
    const planned = new Map(plan.stacks.map((stack) => [stack.name, stack]));
    const inFile = new Map(file.stacks.map((stack) => [stack.name, stack]));
    const hasFailed = plan.stacks.some(({ failure }) => failure !== undefined);
    const rows = file.waves.flatMap((wave) =>
        stacksOf(wave).flatMap((name) => {
            const stack = planned.get(name);
            if (stack === undefined) return [];
            const { account = "", region = "" } = inFile.get(name) ?? {};
            const levels = stack.violations.map(({ level, policy }) => `${policy} (${level})`);
            const wasPreviewed = stack.failure === undefined || Object.keys(stack.changes).length > 0;
            return [
                [
                    wave.name,
                    name,
                    account,
                    region,
                    changesText(stack.changes, wasPreviewed),
                    stack.risk,
                    [...new Set(levels)].join(", ") || (wasPreviewed ? "none" : "not known"),
                    ...(hasFailed ? [cut(stack.failure?.message ?? "")] : []),
                ],
            ];
        }),
    );
    const head = ["WAVE", "STACK", "ACCOUNT", "REGION", "CHANGES", "RISK", "POLICIES"];
    return [
        table(hasFailed ? [...head, "COULD NOT BE PLANNED"] : head, rows, columns),
        ...plan.stacks.flatMap(({ name, warnings, failure }) =>
            warnings
                .filter((text) => failure === undefined || !text.includes(failure.message))
                .map((text) => visible(`${name}: ${cut(text)}`)),
        ),
        "",
    ].join("\n");
}

/** A report as tables: one line for each stack, and one for each bucket that is not as declared. */
export function reportTable(report: RolloutReport, columns: number): string {
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
        visible(`${report.name}: ${stateText(report)}`),
        table(["WAVE", "STATE", "STACK", "ACCOUNT", "OUTCOME", "TURNS", "BUCKETS", "REASON"], rows, columns),
        ...(others.length === 0 ? [] : ["", table(["STACK", "BUCKET", "STATUS", "REASON"], others, columns)]),
        "",
        `stacks: ${countsText(report.totals.stacks, stackWords)}`,
        `buckets: ${countsText(report.totals.buckets, bucketWords)}`,
        "",
    ].join("\n");
}
