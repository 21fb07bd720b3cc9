import { bareRequests, ours } from "./approaches";
import { measureCase, ratioOf } from "./deployments";
import { median } from "./median";
import { table } from "./results-file";

/** Sets of many buckets beside the same requests, 32 at a time, by the same client. */
export async function sets(rounds = 3): Promise<string> {
    const approaches = [bareRequests, ours("set", "pulumi-embedded"), ours("set", "pulumi")];
    const rows: (readonly string[])[] = [];
    for (const buckets of [1000, 10_000, 50_000]) {
        const figures = await measureCase({ buckets, latencyMs: 0, rounds, approaches });
        const bare = figures.get(bareRequests.name)?.operations;
        for (const [name, { operations, peaks, stateBytes = 0 }] of figures) {
            if (name === bareRequests.name) continue;
            const beside = (values: readonly number[], others: readonly number[] = []) => {
                const ratio = ratioOf(values, others);
                if (ratio === undefined) return "";
                const range = `${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)}`;
                return `${median(values).toFixed(2)} (${ratio.median.toFixed(2)} ×, ${range})`;
            };
            rows.push([
                buckets.toLocaleString("en"),
                name,
                beside(operations.create.seconds, bare?.create.seconds),
                median(operations.unchanged.seconds).toFixed(2),
                beside(operations.refresh.seconds, bare?.refresh.seconds),
                median(operations.destroy.seconds).toFixed(2),
                Math.max(...Object.values(peaks)).toFixed(0),
                `${(stateBytes / 1000).toFixed(0)} kB`,
            ]);
        }
    }
    const head = ["buckets", "", ">`up`: s", ">unchanged: s", ">refresh: s", ">destroy: s", ">peak MB", ">state"];
    return table([">buckets", "way", ...head.slice(2)], rows);
}
