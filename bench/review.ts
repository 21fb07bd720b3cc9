import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LocalCloud } from "../lib/local-cloud";
import { type Measurement, measure } from "./measured-command";
import { median } from "./median";
import { table } from "./results-file";

const command = path.join(__dirname, "..", "dist", "cli", "bucket-encryption.js");
const type = "pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption";
const runs = 3;

const keyId = (index: number) => `key-hzz65f0a1b2c3d4e5${String(index % 100).padStart(4, "0")}`;

/** As the engine prints it: a third is weakened, a third gets another key, a third is created with a key that is a secret. */
function previewOf(changes: number): string {
    const steps = Array.from({ length: changes }, (_, index) => {
        const name = `rule-${index}`;
        const state = (rule: object) => {
            const inputs = { __provider: "exports.handler = …", bucket: `example-bucket-${index}`, ...rule };
            const urn = `urn:pulumi:prod::shop::${type}::${name}`;
            return {
                urn,
                custom: true,
                id: inputs.bucket,
                type,
                inputs,
                outputs: inputs,
                sourcePosition: "project:///index.ts#12,3",
            };
        };
        const old = state({ sseAlgorithm: "KMS", kmsMasterKeyId: keyId(index) });
        const next = [
            state({ sseAlgorithm: "AES256" }),
            state({ sseAlgorithm: "KMS", kmsMasterKeyId: keyId(index + 1) }),
            state({ sseAlgorithm: "KMS", kmsMasterKeyId: "[secret]" }),
        ][index % 3];
        const isNew = index % 3 === 2;
        return {
            op: isNew ? "create" : "update",
            urn: old.urn,
            ...(isNew ? {} : { oldState: old }),
            newState: next,
            detailedDiff: null,
        };
    });
    return JSON.stringify({ config: {}, steps, duration: 1, changeSummary: {} }, undefined, 4);
}

/** The local cloud in a process of its own, so that an audit's figures are an audit's. */
async function serve(buckets: number): Promise<void> {
    const keys = Array.from({ length: 100 }, (_, index) => ({ id: keyId(index), region: "cn-hangzhou" }));
    const entries = Array.from({ length: buckets }, (_, index) => ({
        name: `example-bucket-${String(index).padStart(6, "0")}`,
        ...(index % 10 === 0 ? {} : { encryption: { sseAlgorithm: "KMS" as const, kmsMasterKeyId: keyId(index) } }),
    }));
    const accessKeys = [{ id: "local-key-id", secret: "local-key-secret" }];
    const cloud = await LocalCloud.start({
        accounts: { accounts: [{ id: "1000000000000001", accessKeys, keys, buckets: entries }] },
    });
    process.send?.(cloud.url);
}

async function started(buckets: number): Promise<{ readonly child: ChildProcess; readonly url: string }> {
    const child = fork(__filename, ["serve", String(buckets)], { execArgv: ["--require", "tsx/cjs"] });
    const [url] = await once(child, "message");
    return { child, url: String(url) };
}

async function repeated(
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
): Promise<Pick<Measurement, "seconds" | "peakMb">> {
    const measured: Measurement[] = [];
    for (let run = 0; run < runs; run += 1) measured.push(await measure([process.execPath, command, ...args], env));
    return {
        seconds: median(measured.map(({ seconds }) => seconds)),
        peakMb: Math.max(...measured.map(({ peakMb }) => peakMb)),
    };
}

const shown = ({ seconds, peakMb }: Pick<Measurement, "seconds" | "peakMb">) => [
    `${seconds.toFixed(2)} s`,
    `${peakMb.toFixed(0)} MB`,
];

/** Reviews of a preview of 10,000 changes, and audits of 10,000 buckets, in each format. */
export async function review(): Promise<string> {
    const count = 10_000;
    const folder = mkdtempSync(path.join(tmpdir(), "bench-review-"));
    try {
        const file = path.join(folder, "preview.json");
        writeFileSync(file, previewOf(count));
        const measureFormats = async (formats: readonly string[], args: readonly string[], env?: NodeJS.ProcessEnv) => {
            const rows: string[][] = [];
            for (const format of formats) {
                const output = path.join(folder, `report.${format}`);
                const measured = await repeated([...args, "--format", format, "--output", output], env);
                rows.push([format, ...shown(measured), `${(statSync(output).size / 1e6).toFixed(2)} MB`]);
            }
            return table(["format", ">time", ">memory", ">size of the report"], rows);
        };
        const reviews = await measureFormats(["text", "markdown", "json", "sarif", "html"], ["review", file]);
        const { child, url } = await started(count);
        const env = {
            PATH: process.env.PATH,
            HOME: folder,
            OSS_ENDPOINT: url,
            ALIBABA_CLOUD_KMS_ENDPOINT: url,
            ALIBABA_CLOUD_ACCESS_KEY_ID: "local-key-id",
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: "local-key-secret",
        };
        const audits = await measureFormats(["json", "html"], ["audit"], env);
        child.kill("SIGKILL");
        return [
            `A review of a preview of ${count.toLocaleString("en")} changes, ${(statSync(file).size / 1e6).toFixed(0)} MB, median of ${runs}:`,
            reviews,
            `An audit of ${count.toLocaleString("en")} buckets with 100 keys in the local cloud:`,
            audits,
        ].join("\n\n");
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

if (require.main === module) serve(Number(process.argv[3]));
