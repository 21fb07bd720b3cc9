import { readFileSync } from "node:fs";
import path from "node:path";
import { servePlugin } from "./plugin-server";

/** How often the plugin checks whether its engine still runs, in milliseconds. An engine that is killed ends no plugin. */
const parentCheckMilliseconds = 500;

function schema() {
    const text = readFileSync(path.join(__dirname, "schema.json"), "utf8");
    return { text, version: String((JSON.parse(text) as { version?: unknown }).version) };
}

const parent = process.ppid;
const watch = setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
}, parentCheckMilliseconds).unref();
process.once("exit", () => clearInterval(watch));

servePlugin(schema, process.argv[2]).then(
    (server) => {
        // The plugin of an engine that runs it in its own process ends without the process.
        process.once("exit", () => server.stop());
        process.stdout.write(`${server.port}\n`);
    },
    (error: unknown) => {
        console.error(error);
        process.exit(1);
    },
);
