// What the provider host has to load for a BucketEncryption, beside an empty module, and what the first bucket of S3 adds:
// npx tsx bench/loading.ts [runs]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { median } from "./median";

const runs = Number(process.argv[2] ?? 21);
const work = mkdtempSync(path.join(tmpdir(), "bench-loading-"));
const empty = path.join(work, "empty.js");
writeFileSync(empty, "");
const provider = path.join(__dirname, "..", "dist", "pulumi", "provider.js");
const dist = path.join(__dirname, "..", "dist");
// A client for S3 is made when the first request is: with the AWS SDK, which nothing loads before.
const withS3 = path.join(work, "with-s3.js");
writeFileSync(
    withS3,
    `require(${JSON.stringify(provider)});
     const { s3Client } = require(${JSON.stringify(path.join(dist, "stores", "s3", "s3-client.js"))});
     const { defaultRequestLimits } = require(${JSON.stringify(path.join(dist, "stores", "shared", "request-limits.js"))});
     s3Client("eu-central-1", { forcePathStyle: false }, {}, defaultRequestLimits);`,
);
const measured = `
    const before = process.memoryUsage.rss(), count = Object.keys(require.cache).length, start = process.hrtime.bigint();
    require(process.argv[1]);
    console.log(JSON.stringify({ ms: Number(process.hrtime.bigint() - start) / 1e6, modules: Object.keys(require.cache).length - count,
        mb: (process.memoryUsage.rss() - before) / 2 ** 20 }));`;

/** Node's own modules that any HTTP client needs are loaded by every module that makes requests, so they count. */
function load(file: string): { ms: number; modules: number; mb: number } {
    return JSON.parse(spawnSync(process.execPath, ["-e", measured, file], { encoding: "utf8" }).stdout);
}

const files = { empty, provider, "with S3": withS3 };
type Measured = keyof typeof files;
const results: Record<Measured, ReturnType<typeof load>[]> = { empty: [], provider: [], "with S3": [] };
for (let run = -1; run < runs; run += 1) {
    for (const [name, file] of Object.entries(files)) {
        const loaded = load(file);
        if (run >= 0) results[name as Measured].push(loaded); // the first run warms the file cache
    }
}
for (const [name, all] of Object.entries(results)) {
    const of = (key: "ms" | "modules" | "mb") => median(all.map((one) => one[key]));
    console.log(
        `${name.padEnd(9)} ${of("ms").toFixed(1).padStart(6)} ms  ${of("modules")} modules  ${of("mb").toFixed(1)} MB`,
    );
}
rmSync(work, { recursive: true });
