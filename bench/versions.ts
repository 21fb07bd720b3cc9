import { existsSync } from "node:fs";
import path from "node:path";
import { anotherVersion, type Operation, ours } from "./approaches";
import { measureCase, ratioOf } from "./deployments";
import { median } from "./median";
import { table } from "./results-file";

const operations: readonly Operation[] = ["create", "unchanged", "refresh", "destroy"];

/**
 * This version beside another one, in turns: `up`, an `up` without a change, `refresh` and `destroy` of single resources by
 * `pulumi-embedded`. OTHER_VERSION names the folder of the other one, with its modules and built.
 */
export async function versions(rounds = 3, sizes: readonly number[] = [1, 100, 1000]): Promise<string> {
    const { OTHER_VERSION: folder } = process.env;
    if (folder === undefined || !existsSync(path.join(folder, "dist", "cli", "pulumi-embedded.js")))
        throw new Error("OTHER_VERSION names no folder with another version: clone it, `npm ci` and `npm run build`");
    const [other, own] = [anotherVersion(folder), ours("single", "pulumi-embedded")];
    const rows: string[][] = [];
    for (const buckets of sizes) {
        const figures = await measureCase({ buckets, latencyMs: 0, rounds, approaches: [other, own] });
        const [before, now] = [figures.get(other.name)?.operations, figures.get(own.name)?.operations];
        for (const operation of operations) {
            const [old, present] = [before?.[operation], now?.[operation]];
            if (old === undefined || present === undefined) continue;
            const pair = (one: readonly number[], two: readonly number[]): string[] => {
                const ratio = ratioOf(two, one);
                const spread =
                    ratio && `${ratio.median.toFixed(2)} × (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`;
                return [median(one).toFixed(2), median(two).toFixed(2), spread ?? ""];
            };
            rows.push([
                buckets.toLocaleString("en"),
                operation,
                ...pair(old.seconds, present.seconds),
                ...pair(old.cpuSeconds, present.cpuSeconds),
                `${median(old.requests)}, ${median(present.requests)}`,
            ]);
        }
    }
    const head = [
        "resources",
        "operation",
        ">s before",
        ">s now",
        ">ratio",
        ">CPU-s before",
        ">CPU-s now",
        ">ratio",
        ">requests",
    ];
    return table(
        head.map((name, index) => (index === 0 ? `>${name}` : name)),
        rows,
    );
}
