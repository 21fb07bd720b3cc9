import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunOptions } from "../../lib/engine";
import { packageRoot } from "./test-project";
import { type OperationSummary, TestStack } from "./test-stack";

const book = `
const pulumi = require("@pulumi/pulumi");
class Book extends pulumi.CustomResource {
    constructor(name, args, opts) {
        super("shelf:index:Book", name, { spine: undefined, ...args }, opts);
    }
}
class Shelf extends pulumi.ProviderResource {
    constructor(name, args, opts) {
        super("shelf", name, args, opts);
    }
}
const count = (word, opts) => pulumi.runtime.invoke("shelf:index:count", { word }, opts);
module.exports = { Book, Shelf, count, pulumi };
`;

/** A stack of books, whose provider is the plugin tests/engine/foreign-provider. */
export class ShelfStack extends TestStack {
    readonly shelf: string;
    readonly plugin: string;

    private constructor(settings: string) {
        super("shelf", {
            "book.js": book,
            "package.json": '{ "name": "shelf", "private": true }',
            "Pulumi.yaml": `name: shelf\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n${settings}`,
        });
        this.shelf = path.join(this.folder, "books");
        this.plugin = path.join(this.folder, "plugin");
        mkdirSync(this.shelf);
        cpSync(path.join(packageRoot, "tests", "engine", "foreign-provider"), this.plugin, { recursive: true });
        this.environment = { ...this.environment, SHELF: this.shelf };
    }

    /** @param settings lines of `Pulumi.yaml` that say where the plugin is */
    static async create(
        body: string,
        settings = "plugins:\n  providers:\n    - name: shelf\n      path: plugin\n",
    ): Promise<ShelfStack> {
        const stack = new ShelfStack(settings);
        stack.declare(body);
        await stack.engine().createStack("dev");
        return stack;
    }

    /** Replaces the program. `Book`, `Shelf`, `count` and `pulumi` are there. */
    declare(body: string): void {
        writeFileSync(
            path.join(this.folder, "index.js"),
            `const { Book, Shelf, count, pulumi } = require("./book.js");\n${body}\n`,
        );
    }

    /** Runs `up` and expects it to succeed. */
    async up(options: RunOptions = {}): Promise<OperationSummary> {
        const summary = await this.run("up", options);
        if (!summary.result.succeeded) throw new Error(`up failed: ${summary.messages.join("\n")}`);
        return summary;
    }

    /** The books on the shelf, by title. */
    get books(): Record<string, Record<string, unknown>> {
        const files = readdirSync(this.shelf).filter((name) => name.endsWith(".json"));
        return Object.fromEntries(
            files.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(path.join(this.shelf, name), "utf8"))]),
        );
    }

    put(title: string, content: Record<string, unknown>): void {
        writeFileSync(path.join(this.shelf, `${title}.json`), JSON.stringify({ title, ...content }));
    }

    /** The calls that the provider got since the last question. */
    takeCalls(): string[] {
        const file = path.join(this.shelf, "calls.log");
        if (!existsSync(file)) return [];
        const calls = readFileSync(file, "utf8").trim().split("\n");
        rmSync(file);
        return calls.map((call) => call.trim());
    }
}
