// `npm run bench` measures and rewrites RESULTS.md; `npm run bench -- NAME …` measures only what is named.
import { parseArgs } from "node:util";
import { alternatives } from "./alternatives";
import { construction } from "./construction";
import { engine } from "./engine";
import { loading } from "./loading";
import { localCloud } from "./local-cloud";
import { mainJob } from "./main-job";
import { plugin } from "./plugin";
import { conditions, writeResults } from "./results-file";
import { review } from "./review";
import { rollout } from "./rollout";
import { sets } from "./sets";
import { temporal } from "./temporal";
import { testTime } from "./test-time";
import { versions } from "./versions";

interface Benchmark {
    /** Measures and answers the tables in Markdown. Both arguments are undefined unless the command line names them. */
    readonly run: (rounds: number | undefined, buckets: readonly number[] | undefined) => Promise<string>;
    /** Takes many minutes or measures the project and not the product, so it only runs by name. */
    readonly isOnlyByName?: boolean;
}

const benchmarks: Readonly<Record<string, Benchmark>> = {
    alternatives: { run: alternatives },
    construction: { run: construction },
    loading: { run: loading },
    plugin: { run: plugin },
    "main-job": { run: mainJob },
    "local-cloud": { run: localCloud },
    review: { run: review },
    engine: { run: engine, isOnlyByName: true },
    sets: { run: sets, isOnlyByName: true },
    rollout: { run: rollout, isOnlyByName: true },
    temporal: { run: temporal, isOnlyByName: true },
    "test-time": { run: testTime, isOnlyByName: true },
    versions: { run: versions, isOnlyByName: true },
};

async function main(): Promise<void> {
    const { positionals, values } = parseArgs({
        allowPositionals: true,
        options: { rounds: { type: "string" }, buckets: { type: "string" } },
    });
    const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    const buckets = values.buckets?.split(",").map(Number);
    if (unknown.length > 0 || ![rounds ?? 1, ...(buckets ?? [])].every((one) => Number.isInteger(one) && one > 0)) {
        console.error(`Usage: npm run bench -- [--rounds N] [--buckets N,…] [${Object.keys(benchmarks).join("] [")}]`);
        process.exitCode = 2;
        return;
    }
    for (const [name, benchmark] of Object.entries(benchmarks)) {
        const isWanted = positionals.length > 0 ? positionals.includes(name) : benchmark.isOnlyByName !== true;
        if (!isWanted) continue;
        const begun = performance.now();
        const text = await benchmark.run(rounds, buckets);
        console.log(`\n${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s\n\n${text}`);
        writeResults(name, `${conditions()}\n\n${text}`);
    }
}

main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
