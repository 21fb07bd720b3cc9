import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { LocalCloud } from "../../../lib/local-cloud";
import manifest from "../../../package.json";
import { startCommand } from "../../cli/command-process";
import { encryptionAnswer } from "../../stores/oss/scripted-server";
import { installedTools } from "../installed-tools";
import { needed, ToolUnavailable } from "../needed-tool";
import { installed, packedPackage } from "../packed-package";
import { projectEnvironment } from "../project-environment";

/** Files of a project by their names; `$bucket` stands for the bucket. */
interface Format {
    readonly files: Readonly<Record<string, string>>;
    /** Options of the runtime in Pulumi.yaml. */
    readonly options: string;
    /** The file that Pulumi.yaml names. */
    readonly main: string;
    /** What makes the program before it is deployed: a command of `node_modules` with its arguments. */
    readonly made?: readonly [string, ...string[]];
}

const plain = "typescript: false";
const typed = `import { BucketEncryption } from "pulumi-bucket-encryption";
const bucket: string = "$bucket";
new BucketEncryption("rule", { bucket, sseAlgorithm: "AES256" });
`;
const tsconfig = JSON.stringify({
    compilerOptions: {
        strict: true,
        target: "es2022",
        module: "commonjs",
        moduleResolution: "node",
        outDir: "bin",
        types: ["node"],
    },
    files: ["index.ts"],
});
const external = ["--external:@pulumi/pulumi", "--external:pulumi-bucket-encryption"];

/** The ways in which a program of Node is written and started. */
const formats: Readonly<Record<string, Format>> = {
    CommonJS: {
        files: {
            "index.js": typed.replace(/import (.*) from ("[^"]+");/, "const $1 = require($2);").replace(": string", ""),
        },
        options: plain,
        main: "index.js",
    },
    "ES module": { files: { "index.mjs": typed.replace(": string", "") }, options: plain, main: "index.mjs" },
    "ts-node": {
        files: { "index.ts": typed, "tsconfig.json": tsconfig },
        options: "typescript: true",
        main: "index.ts",
    },
    tsx: { files: { "index.ts": typed }, options: `${plain}, nodeargs: "--require tsx/cjs"`, main: "index.ts" },
    compiled: {
        files: { "index.ts": typed, "tsconfig.json": tsconfig },
        options: plain,
        main: "bin/index.js",
        made: ["typescript/bin/tsc"],
    },
    bundled: {
        files: { "index.ts": typed },
        options: plain,
        main: "bin/index.js",
        made: ["esbuild/bin/esbuild", "index.ts", "--bundle", "--platform=node", "--outfile=bin/index.js", ...external],
    },
};

/** Each version with one format, and the oldest and the newest with all. */
const versions = ["20", "22", "24", "26"];
const cells = versions.flatMap((version, index) =>
    Object.keys(formats)
        .filter((format) => format === "CommonJS" || index === 0 || index === versions.length - 1)
        .map((format) => ({ version, format })),
);

const nodeOf = (tools: string, version: string): string =>
    path.join(tools, "node_modules", `node-${version}`, "bin", "node");

describe("a project with the packed package", function () {
    this.timeout(300_000);
    let folder: string;
    let tools: string;
    let cloud: LocalCloud;

    before(async function () {
        // Not below this package, which a program there would find in place of its own.
        folder = mkdtempSync(path.join(tmpdir(), "node-versions-"));
        await needed(this, async () => {
            if (process.platform !== "linux" || process.arch !== "x64")
                throw new ToolUnavailable("the versions of Node are pinned for Linux on x64");
            tools = await installedTools(__dirname);
            const { "@pulumi/pulumi": sdk, "@types/node": types, esbuild, tsx } = manifest.devDependencies;
            writeFileSync(
                path.join(folder, "package.json"),
                JSON.stringify({
                    private: true,
                    dependencies: {
                        "@pulumi/pulumi": sdk,
                        "pulumi-bucket-encryption": `file:${packedPackage(path.join(folder, "packed"))}`,
                        ...{ "@types/node": types, esbuild, tsx, "ts-node": "10.9.2", typescript: "5.9.3" },
                    },
                }),
            );
            installed("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
        });
        cloud = await LocalCloud.start();
    });
    after(async () => {
        await cloud?.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    function project(version: string, format: Format, bucket: string): string {
        const place = path.join(folder, bucket);
        mkdirSync(path.join(place, "state"), { recursive: true });
        const runtime = `runtime: { name: nodejs, options: { ${format.options} } }`;
        const files = {
            "Pulumi.yaml": `name: cell\nmain: ${format.main}\n${runtime}\n`,
            "package.json": "{}",
            ...format.files,
        };
        for (const [name, text] of Object.entries(files))
            writeFileSync(path.join(place, name), text.replace("$bucket", bucket));
        symlinkSync(path.join(folder, "node_modules"), path.join(place, "node_modules"));
        if (format.made !== undefined) {
            const [script, ...args] = format.made;
            installed(nodeOf(tools, version), [path.join("node_modules", ...script.split("/")), ...args], place);
        }
        return place;
    }

    async function run(version: string, place: string, ...verb: string[]): Promise<string> {
        const node = nodeOf(tools, version);
        const command = path.join(
            folder,
            "node_modules",
            "pulumi-bucket-encryption",
            "dist",
            "cli",
            "pulumi-embedded.js",
        );
        const { status, output } = await startCommand(
            [node, command],
            [...verb, "--non-interactive", "--color", "never"],
            {
                cwd: place,
                env: {
                    ...projectEnvironment(place, cloud.url),
                    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
                },
            },
        ).ended;
        expect(status, output).to.equal(0);
        return output;
    }

    for (const { version, format } of cells) {
        it(`deploys a rule on Node ${version}: ${format}`, async () => {
            expect(existsSync(nodeOf(tools, version))).to.equal(true);
            const bucket = `node-${version}-${format.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
            cloud.createBucket({ name: bucket });
            const place = project(version, formats[format] as Format, bucket);
            await run(version, place, "stack", "init", "dev");
            await run(version, place, "up", "--yes", "--skip-preview");
            expect(cloud.bucketRule(bucket)).to.deep.equal({ sseAlgorithm: "AES256" });
        });
    }
});

const program = `
    const { OssEncryptionStore } = require("./lib/stores/oss/oss-encryption-store");
            const { resolveOssTarget } = require("./lib/stores/oss/oss-target");
    const { staticCredentials } = require("./lib/accounts");
    const read = async (endpoint) => {
        const credentials = staticCredentials({ accessKeyId: "id", accessKeySecret: "secret" });
        const target = resolveOssTarget({ region: "cn-hangzhou", endpoint });
        const store = new OssEncryptionStore({ target, credentials, limits: { attempts: 1 } });
        return store.getRule("logs").then(({ sseAlgorithm }) => sseAlgorithm, ({ kind }) => kind);
    };
    (async () => {
        console.log(await read("http://127.0.0.1:9"), await read("https://oss-cn-hangzhou.aliyuncs.com"));
    })();`;

describe("a proxy that the environment names", function () {
    this.timeout(300_000);
    /** Node knows the switch from 24.5 on. */
    let nodeWithProxies: string;
    before(async function () {
        const tools = await needed(this, () => installedTools(__dirname));
        nodeWithProxies = nodeOf(tools, "26");
    });

    async function askedOfProxy(environment: NodeJS.ProcessEnv): Promise<{ asked: string[]; printed: string }> {
        const asked: string[] = [];
        const proxy = createServer(({ method, url }, response) => {
            asked.push(`${method} ${url}`);
            response.end(encryptionAnswer().body);
        });
        proxy.on("connect", ({ url }, socket) => {
            asked.push(`CONNECT ${url}`);
            socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
        });
        await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
        const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
        const { NO_PROXY: _, no_proxy: __, ...others } = process.env;
        const env = { ...others, HTTP_PROXY: url, HTTPS_PROXY: url, ...environment };
        try {
            const { stdout } = await promisify(execFile)(nodeWithProxies, ["--require", "tsx/cjs", "--eval", program], {
                env,
            });
            return { asked, printed: stdout.trim() };
        } finally {
            proxy.closeAllConnections();
            proxy.close();
        }
    }

    it("is used where Node is configured to, and sees only the host of a request over TLS", async () => {
        expect(await askedOfProxy({ NODE_USE_ENV_PROXY: "1" })).to.deep.equal({
            asked: ["GET http://127.0.0.1:9/logs/?encryption", "CONNECT logs.oss-cn-hangzhou.aliyuncs.com:443"],
            printed: "AES256 unreachable",
        });
    });

    it("is not used otherwise", async () => {
        const { asked, printed } = await askedOfProxy({ NODE_USE_ENV_PROXY: "" });
        expect(asked).to.deep.equal([]);
        expect(printed).to.match(/^unreachable /);
    });
});
