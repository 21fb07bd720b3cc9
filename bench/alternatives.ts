import {
    type Approach,
    aliOssScript,
    bareRequests,
    dynamicProvider,
    type Engine,
    oss2Script,
    ours,
    terraform,
} from "./approaches";
import { type ApproachFigures, type CaseFigures, type DeploymentCase, measureCase, ratioOf } from "./deployments";
import { median } from "./median";
import { table } from "./results-file";

const engines: readonly Engine[] = ["pulumi-embedded", "pulumi"];
const approaches: readonly Approach[] = [
    bareRequests,
    aliOssScript,
    oss2Script,
    ...engines.flatMap((engine) => [
        dynamicProvider(engine),
        ours("single", engine),
        ours("single of plugin", engine),
        ours("set", engine),
    ]),
    terraform,
];
const singles = [
    ["single", "resources"],
    ["single of plugin", "resources of the plugin"],
] as const;
const memory = engines.flatMap((engine) => [ours("single", engine), ours("single of plugin", engine)]);

/** Three rounds of few buckets, one of many; `rounds` overrides both, and `sizes` leaves the other numbers of buckets out. */
function casesOf(rounds: number | undefined, sizes: readonly number[] = [1, 100, 1000, 5000]): DeploymentCase[] {
    const compared = sizes.filter((size) => size < 5000);
    const all = compared.flatMap((buckets) =>
        [0, 20].map((latencyMs) => ({
            buckets,
            latencyMs,
            rounds: rounds ?? (buckets > 100 ? 1 : 3),
            approaches,
        })),
    );
    const largest = sizes.filter((size) => size >= 5000);
    return [...all, ...largest.map((buckets) => ({ buckets, latencyMs: 0, rounds: 1, approaches: memory }))];
}

/** Each way to encrypt buckets, beside the others, and the project's goals. */
export async function alternatives(rounds?: number, sizes?: readonly number[]): Promise<string> {
    const measured = new Map<string, CaseFigures>();
    const sections: string[] = [];
    for (const one of casesOf(rounds, sizes)) {
        const figures = await measureCase(one);
        measured.set(keyOf(one.buckets, one.latencyMs), figures);
        const plural = one.buckets === 1 ? "1 bucket" : `${one.buckets.toLocaleString("en")} buckets`;
        const roundsText = one.rounds === 1 ? "one round" : `medians of ${one.rounds} rounds`;
        sections.push(
            `### ${plural}, ${one.latencyMs} ms latency`,
            `${roundsText[0]?.toUpperCase()}${roundsText.slice(1)}.`,
        );
        sections.push(caseTable(one.buckets, figures));
    }
    const missing = [...new Set([...approaches, ...memory])].flatMap((approach) => {
        const reason = approach.missing();
        return reason === undefined ? [] : [`- ${approach.name}: ${reason}.`];
    });
    if (missing.length > 0) sections.push("Not measured on this machine:", missing.join("\n"));
    return [goalsTable(measured), ...sections].join("\n\n");
}

const keyOf = (buckets: number, latencyMs: number) => `${buckets} at ${latencyMs}`;
const seconds = (values: readonly number[]) => (values.length === 0 ? "" : median(values).toFixed(2));
const count = (values: readonly number[]) => (values.length === 0 ? "" : String(median(values)));

function caseTable(buckets: number, figures: CaseFigures): string {
    const limit = figures.get(bareRequests.name)?.operations.create.seconds ?? [];
    const rows = [...figures].map(([name, { operations, peaks, stateBytes }]) => {
        const { create, unchanged, refresh } = operations;
        const ratio = ratioOf(create.seconds, limit);
        return [
            name,
            seconds(create.seconds),
            ratio === undefined ? "" : `${ratio.median.toFixed(1)} ×`,
            seconds(create.cpuSeconds),
            count(create.requests),
            seconds(unchanged.seconds),
            seconds(unchanged.cpuSeconds),
            count(unchanged.requests),
            seconds(refresh.seconds),
            ["engine", "program", "provider"].map((kind) => peaks[kind]?.toFixed(0) ?? "–").join(" / "),
            stateBytes === undefined ? "" : Math.round(stateBytes / buckets).toLocaleString("en"),
        ];
    });
    const head = [
        "way",
        ">create: s",
        ">to the requests alone",
        ">CPU-s",
        ">requests",
        ">unchanged: s",
        ">CPU-s",
        ">requests",
        ">refresh: s",
        ">peak MB: engine / program / provider",
        ">state bytes each",
    ];
    return table(head, rows);
}

/** A goal, what was measured, and whether that meets it. */
type GoalRow = readonly [string, string, string];

function goalsTable(measured: ReadonlyMap<string, CaseFigures>): string {
    const figures = (buckets: number, latencyMs: number, approach: Approach): ApproachFigures | undefined =>
        measured.get(keyOf(buckets, latencyMs))?.get(approach.name);
    const rows: GoalRow[] = [];
    const atMost = (goal: string, most: number, unit: string, value: number | undefined, spread = "") => {
        const shown = value === undefined ? "not measured" : `${value.toFixed(2)}${unit}${spread}`;
        rows.push([goal, shown, value === undefined ? "" : value <= most ? "met" : "**missed**"]);
    };
    const compare = (goal: string, most: number, values: readonly number[] = [], others: readonly number[] = []) => {
        const ratio = ratioOf(values, others);
        const spread =
            ratio === undefined || values.length < 2 ? "" : ` (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`;
        atMost(goal, most, " ×", ratio?.median, spread);
    };
    for (const buckets of [100, 1000]) {
        const peer = figures(buckets, 20, dynamicProvider("pulumi"))?.operations.create;
        for (const [kind, what] of singles) {
            const own = figures(buckets, 20, ours(kind, "pulumi"))?.operations.create;
            const name = `\`pulumi\`, ${buckets.toLocaleString("en")} ${what}, to the dynamic provider`;
            compare(`${name}: CPU ≤ 0.7 ×`, 0.7, own?.cpuSeconds, peer?.cpuSeconds);
            compare(`${name}: wall ≤ 0.8 ×`, 0.8, own?.seconds, peer?.seconds);
        }
    }
    for (const engine of engines) {
        const unchanged = figures(1000, 0, ours("single", engine))?.operations.unchanged.requests;
        atMost(`\`${engine}\`, unchanged \`up\` of 1,000: 0 requests`, 0, "", unchanged && median(unchanged));
    }
    const bare = figures(1000, 20, bareRequests)?.operations.create.seconds;
    const single = figures(1000, 20, ours("single", "pulumi-embedded"))?.operations.create.seconds;
    const set = figures(1000, 20, ours("set", "pulumi-embedded"))?.operations.create.seconds;
    compare("`pulumi-embedded`, 1,000 resources at 20 ms, to the requests alone: ≤ 4 ×", 4, single, bare);
    compare("`pulumi-embedded`, a set of 1,000 at 20 ms, to the requests alone: ≤ 1.3 ×", 1.3, set, bare);
    const one = figures(1, 0, ours("single", "pulumi-embedded"))?.operations.unchanged.cpuSeconds;
    atMost("`pulumi-embedded`, one resource without a change: ≤ 0.8 CPU-s", 0.8, " CPU-s", one && median(one));
    for (const engine of engines) {
        for (const [kind, what] of singles) {
            const name = `\`${engine}\`, ${what}`;
            const state = figures(1000, 0, ours(kind, engine))?.stateBytes;
            atMost(`${name}, state: ≤ 0.95 kB each`, 0.95, " kB", state && state / 1e6);
            const memoryAt = (buckets: number) => figures(buckets, 0, ours(kind, engine))?.peaks.provider;
            const [few, many] = [memoryAt(1000), memoryAt(5000)];
            // This engine hosts that provider itself.
            if (engine === "pulumi-embedded" && kind === "single") continue;
            const growth = few === undefined || many === undefined ? undefined : many / few;
            atMost(`${name}, provider's memory at 5,000 to 1,000: flat (≤ 1.1 ×)`, 1.1, " ×", growth);
        }
    }
    return table(["goal", ">measured", ""], rows);
}
