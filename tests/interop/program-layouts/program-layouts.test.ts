import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { EmbeddedEngine } from "../../../lib/engine";
import { installedTools } from "../installed-tools";
import { needed } from "../needed-tool";

const source = `import * as pulumi from "@pulumi/pulumi";
import { word } from "./word.js";
const text: string = word;
export const out: pulumi.Output<string> = pulumi.output(text);
`;
const word = 'export const word: string = "typed";\n';
const strict = {
    compilerOptions: { strict: true, target: "es2022", module: "nodenext", moduleResolution: "nodenext" },
};

/** A project's files by path. */
const layouts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "a TypeScript ES module with ts-node": {
        "package.json": '{ "name": "layout", "type": "module" }',
        "tsconfig.json": JSON.stringify(strict),
        "index.ts": source,
        "word.ts": word,
    },
    "a TypeScript ES module that package.json names as main, without a tsconfig.json": {
        "package.json": '{ "name": "layout", "type": "module", "main": "src/main.ts" }',
        "src/main.ts": source,
        "src/word.ts": word,
    },
    "a TypeScript ES module that the program's own loader compiles": {
        "Pulumi.yaml": '        nodeargs: "--loader ts-node/esm --no-warnings"\n',
        "package.json": '{ "name": "layout", "type": "module" }',
        "tsconfig.json": JSON.stringify({ ...strict, "ts-node": { esm: true } }),
        "index.ts": source,
        "word.ts": word,
    },
    "TypeScript that ts-node compiles to CommonJS, in a folder that Pulumi.yaml names": {
        "Pulumi.yaml": "        typescript: true\nmain: app/\n",
        "package.json": '{ "name": "layout" }',
        "app/package.json": '{ "name": "app" }',
        "app/tsconfig.json": JSON.stringify({
            compilerOptions: { strict: true, target: "es2022", module: "commonjs" },
        }),
        "app/index.ts": source.replace("./word.js", "./word"),
        "app/word.ts": word,
    },
};

describe("a program with TypeScript and ts-node beside it", function () {
    this.timeout(300_000);
    let tools: string;
    let folder: string;
    before(async function () {
        tools = await needed(this, () => installedTools(__dirname));
    });
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "program-layout-"));
        mkdirSync(path.join(folder, "state"));
        symlinkSync(path.join(tools, "node_modules"), path.join(folder, "node_modules"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    for (const [title, { "Pulumi.yaml": options = "        typescript: true\n", ...files }] of Object.entries(
        layouts,
    )) {
        it(`may be ${title}`, async () => {
            const project = path.join(folder, "project");
            const yaml = `name: layout\nruntime:\n    name: nodejs\n    options:\n${options}`;
            for (const [name, content] of Object.entries({ "Pulumi.yaml": yaml, ...files })) {
                mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
                writeFileSync(path.join(project, name), content);
            }
            const environment = {
                PATH: process.env.PATH,
                HOME: folder,
                PULUMI_HOME: path.join(folder, "home"),
                PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
                PULUMI_CONFIG_PASSPHRASE: "",
            };
            const engine = new EmbeddedEngine({ folder: project, environment, stack: "dev" });
            await engine.createStack("dev");
            const { succeeded, messages, outputs } = await engine.preview();
            expect(succeeded, messages.join("\n")).to.equal(true);
            expect(outputs).to.deep.equal({ out: "typed" });
        });
    }
});
