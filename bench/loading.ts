import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { median } from "./median";
import { table } from "./results-file";

const dist = path.join(__dirname, "..", "dist");
const provider = path.join(dist, "pulumi", "provider.js");
const measured = `
    const before = process.memoryUsage.rss(), count = Object.keys(require.cache).length, start = process.hrtime.bigint();
    require(process.argv[1]);
    console.log(JSON.stringify({ ms: Number(process.hrtime.bigint() - start) / 1e6, modules: Object.keys(require.cache).length - count,
        mb: (process.memoryUsage.rss() - before) / 2 ** 20 }));`;

/** Node's own modules that any HTTP client needs are loaded by every module that makes requests, so they count. */
function load(file: string): { ms: number; modules: number; mb: number } {
    return JSON.parse(spawnSync(process.execPath, ["-e", measured, file], { encoding: "utf8" }).stdout);
}

/** What the provider process loads for a `BucketEncryption`, beside an empty module, and what the first bucket of S3 adds. */
export async function loading(rounds = 21): Promise<string> {
    const work = mkdtempSync(path.join(tmpdir(), "bench-loading-"));
    try {
        const empty = path.join(work, "empty.js");
        writeFileSync(empty, "");
        // A client for S3 is made when the first request is: with the AWS SDK, which nothing loads before.
        const withS3 = path.join(work, "with-s3.js");
        const module = (...parts: string[]) => JSON.stringify(path.join(dist, "stores", ...parts));
        writeFileSync(
            withS3,
            `require(${JSON.stringify(provider)});
             const { s3Client } = require(${module("s3", "s3-client.js")});
             const { defaultRequestLimits } = require(${module("shared", "request-limits.js")});
             s3Client("eu-central-1", { forcePathStyle: false }, {}, defaultRequestLimits);`,
        );
        const files = [
            ["an empty module", empty],
            ["`pulumi-bucket-encryption/provider`, which is all that a stack without S3 loads", provider],
            ["the same, with the AWS SDK and a client as the first request to S3 makes them", withS3],
        ] as const;
        const results = files.map(() => [] as ReturnType<typeof load>[]);
        for (let run = -1; run < rounds; run += 1) {
            for (const [index, [, file]] of files.entries()) {
                const loaded = load(file);
                if (run >= 0) results[index]?.push(loaded); // the first run warms the file cache
            }
        }
        const rows = files.map(([name], index) => {
            const all = results[index] ?? [];
            return [
                name,
                `${median(all.map(({ ms }) => ms)).toFixed(1)} ms`,
                median(all.map(({ modules }) => modules)),
                `${median(all.map(({ mb }) => mb)).toFixed(1)} MB`,
            ];
        });
        return table(["loaded", ">time", ">modules", ">memory"], rows);
    } finally {
        rmSync(work, { recursive: true });
    }
}
