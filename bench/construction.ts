import { spawnSync } from "node:child_process";
import path from "node:path";
import { argumentNames } from "../lib/declaration";
import { median } from "./median";
import { table } from "./results-file";

const count = 300;
const root = path.join(__dirname, "..");
const names = [...argumentNames, "previousRule", "unrecognized"];

/** Both classes in the SDK's own conditions: it maps stack traces to sources, and runs the program inside of a stack. */
const program = `
    require("source-map-support/register");
    const pulumi = require("@pulumi/pulumi");
    const { BucketEncryption } = require("pulumi-bucket-encryption");
    class Named extends pulumi.CustomResource {
        constructor(name, args) {
            const named = Object.fromEntries(${JSON.stringify(names)}.map((output) => [output, undefined]));
            super("pulumi-nodejs:dynamic/bucket-encryption:BucketEncryption", name, { ...named, ...args, __provider: "" });
        }
    }
    const Resource = process.argv[1] === "named" ? Named : BucketEncryption;
    pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });
    let before;
    pulumi.runtime.runInPulumiStack(async () => {
        before = process.cpuUsage();
        for (let index = 0; index < ${count}; index += 1)
            new Resource("r" + index, { bucket: "bucket-" + index, sseAlgorithm: "KMS" });
    });
    process.on("exit", () => {
        const { user, system } = process.cpuUsage(before);
        console.log(JSON.stringify({ seconds: (user + system) / 1e6, mb: process.memoryUsage().rss / 2 ** 20 }));
    });`;
const preload = path.join(root, "dist", "engine", "processes", "child", "program-preload.js");

interface Measured {
    readonly seconds: number;
    readonly mb: number;
}

function measure(kind: "named" | "now", engine: "pulumi" | "pulumi-embedded"): Measured {
    const ofEngine = engine === "pulumi" ? [] : [`--require=${preload}`];
    const { stdout, stderr } = spawnSync(process.execPath, [...ofEngine, "-e", program, kind], {
        cwd: root,
        encoding: "utf8",
        // The launcher's mark of a program. The fourth descriptor is the engine's, which ends when this process does.
        env: { ...process.env, PULUMI_NODEJS_ROOT_DIRECTORY: root },
        stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout);
}

/**
 * A program's processor time for its resources, beside a class that names every property, as the constructor did before. The
 * engine is a mock, so the figures are of the program alone.
 */
export async function construction(runs = 3): Promise<string> {
    const rows: string[][] = [];
    for (const engine of ["pulumi", "pulumi-embedded"] as const) {
        const measured = { named: [] as Measured[], now: [] as Measured[] };
        // In turns, so that a busy machine slows both.
        for (let run = 0; run < runs; run += 1)
            for (const kind of ["named", "now"] as const) measured[kind].push(measure(kind, engine));
        const before = median(measured.named.map(({ seconds }) => seconds));
        for (const kind of ["named", "now"] as const) {
            const seconds = measured[kind].map((one) => one.seconds);
            rows.push([
                `\`${engine}\``,
                kind === "named" ? "names every property" : "names the given ones, without traces",
                median(seconds).toFixed(2),
                `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}`,
                median(measured[kind].map(({ mb }) => mb)).toFixed(0),
                (median(seconds) / before).toFixed(2),
            ]);
        }
    }
    return table(["run by", "constructor", ">CPU-s (median)", ">spread", ">peak MB", ">ratio"], rows);
}
