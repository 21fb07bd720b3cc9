// Makes schema.json and the bundles of the plugin from the compiled package. `npm run build` runs it.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const folder = import.meta.dirname;
const compiled = path.join(folder, "..", "dist");
const { version } = require("../package.json");
const { packageSchema } = require("../dist/plugin");

writeFileSync(path.join(folder, "schema.json"), `${JSON.stringify(packageSchema(version), undefined, 2)}\n`);

const options = {
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Names stay, so that the stack of a defect can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "warning",
};

/** The AWS SDK is a bundle of its own, which loads with the first request to S3. */
const s3Library = {
    name: "s3-library",
    setup({ onResolve }) {
        onResolve({ filter: /^\.\/s3-library$/ }, () => ({ path: "./s3-library.js", external: true }));
    },
};

/**
 * The classes of generated messages are in a global `proto`. A plugin that an engine runs in its own process would replace the engine's
 * and keep those of the plugins before it, so the bundle has a `proto` of its own.
 */
const ownMessages = {
    name: "own-messages",
    setup({ onLoad, onResolve }) {
        onResolve({ filter: /^own-messages$/ }, ({ path: name }) => ({ path: name, namespace: name }));
        onLoad({ filter: /.*/, namespace: "own-messages" }, () => ({ contents: "module.exports = { proto: {} };" }));
        onLoad({ filter: /_pb\.js$/ }, ({ path: file }) => ({
            contents: readFileSync(file, "utf8").replace(
                /^var global =\s[\s\S]*?Function\('return this'\)\(\);$/m,
                'var global = require("own-messages"), proto = global.proto;',
            ),
        }));
    },
};

await Promise.all([
    build({
        ...options,
        entryPoints: [path.join(compiled, "plugin", "main.js")],
        outfile: path.join(folder, "provider.js"),
        plugins: [s3Library, ownMessages],
    }),
    build({
        ...options,
        stdin: { contents: 'exports.s3Library = () => require("@aws-sdk/client-s3");', resolveDir: folder },
        outfile: path.join(folder, "s3-library.js"),
    }),
]);
