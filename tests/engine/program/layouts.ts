/** A project's files by path, and what its program exports. */
export interface Layout {
    readonly title: string;
    readonly files: Readonly<Record<string, string>>;
    readonly outputs: Readonly<Record<string, unknown>>;
}

export const yaml = (rest = ""): string => `name: layout\nruntime:\n    name: nodejs\n${rest}`;
export const noTypeScript = "    options:\n        typescript: false\n";
export const manifest = (fields: object = {}): string => JSON.stringify({ name: "layout", private: true, ...fields });
const commonJs = (from: string): string => `exports.from = ${JSON.stringify(from)};`;
/** Type-checking a program takes seconds; `noCheck` turns it off. */
const tsconfig = JSON.stringify({ compilerOptions: { noCheck: true } });

export const layouts: readonly Layout[] = [
    {
        title: "a file that package.json names as main, and that exports an async function",
        files: {
            "Pulumi.yaml": yaml(noTypeScript),
            "package.json": manifest({ main: "bin/start.js" }),
            "bin/start.js": 'module.exports = async () => ({ from: "main" });',
        },
        outputs: { from: "main" },
    },
    {
        title: "a folder that Pulumi.yaml names as main, with a package.json of its own",
        files: {
            "Pulumi.yaml": yaml(`${noTypeScript}main: app/\n`),
            "app/package.json": manifest(),
            "app/index.js": `${commonJs("folder")} exports.folder = require("node:path").basename(process.cwd());`,
        },
        outputs: { from: "folder", folder: "app" },
    },
    {
        title: "a file that Pulumi.yaml names as main",
        files: {
            "Pulumi.yaml": yaml(`${noTypeScript}main: app/start.js\n`),
            "package.json": manifest(),
            "app/start.js": commonJs("file"),
        },
        outputs: { from: "file" },
    },
    {
        title: "an ES module with a top-level await",
        files: {
            "Pulumi.yaml": yaml(noTypeScript),
            "package.json": manifest({ type: "module" }),
            "index.js": 'export const from = await Promise.resolve("esm");',
        },
        outputs: { from: "esm" },
    },
    {
        title: "an ES module with a default export, which package.json exports",
        files: {
            "Pulumi.yaml": yaml(noTypeScript),
            "package.json": manifest({ type: "module", exports: { ".": { import: "./start.mjs" } } }),
            "start.mjs": 'import { from } from "./other.mjs"; export default async () => ({ from });',
            "other.mjs": 'export const from = "default";',
        },
        outputs: { from: "default" },
    },
    {
        title: "TypeScript that is compiled to CommonJS while it runs",
        files: {
            "Pulumi.yaml": yaml(),
            "package.json": manifest(),
            "tsconfig.json": tsconfig,
            "index.ts":
                'import { word } from "./word";\nimport * as path from "node:path";\nexport const from: string = path.basename("ts/" + word);',
            "word.ts": 'export const word: string = "typescript";',
        },
        outputs: { from: "typescript" },
    },
    {
        title: "a program that loads other modules by nodeargs",
        files: {
            "Pulumi.yaml": yaml(
                '    options:\n        typescript: false\n        nodeargs: "--require ./before.cjs --import ./before.mjs --stack-trace-limit=7"\n',
            ),
            "package.json": manifest(),
            "before.cjs": 'globalThis.before = ["cjs"];',
            "before.mjs": 'globalThis.before.push("mjs");',
            "index.js": "exports.before = globalThis.before; exports.limit = Error.stackTraceLimit;",
        },
        outputs: { before: ["cjs", "mjs"], limit: 7 },
    },
    {
        title: "a program that inspects how it was started, and sees no difference from the pulumi CLI",
        files: {
            "Pulumi.yaml": yaml(noTypeScript),
            "package.json": manifest(),
            "index.js": `const { execFileSync, fork } = require("node:child_process");
                const { Worker } = require("node:worker_threads");
                const see = "[process.execArgv, process.env.NODE_OPTIONS ?? null]";
                const ask = (start) => new Promise((resolve) => start(see).on("message", resolve));
                module.exports = async () => ({
                    here: eval(see),
                    script: require("node:path").relative(require.resolve("@pulumi/pulumi"), process.argv[1]),
                    main: require.main.filename === process.argv[1],
                    thread: await ask((code) =>
                        new Worker("require('node:worker_threads').parentPort.postMessage(" + code + ")", { eval: true })),
                    child: JSON.parse(execFileSync(process.execPath, ["-p", "JSON.stringify(" + see + ")"], { encoding: "utf8" })).slice(1),
                    forked: await ask(() => fork("./forked.js")),
                });`,
            "forked.js": "process.send([process.execArgv, process.env.NODE_OPTIONS ?? null]);",
        },
        outputs: {
            here: [[], null],
            script: "../cmd/run/index.js",
            main: true,
            thread: [[], null],
            child: [null],
            forked: [[], null],
        },
    },
];
