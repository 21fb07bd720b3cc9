import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunOptions } from "../../lib/engine";
import { packageRoot } from "./test-project";
import { type OperationSummary, TestStack } from "./test-stack";

/** A stack of tests/engine/programs. Its resources are items of a folder of JSON files, which stands for a cloud. */
export class ItemStack extends TestStack {
    readonly cloud: string;

    constructor(program: "items" | "many", variables: NodeJS.ProcessEnv = {}) {
        const source = path.join(packageRoot, "tests", "engine", "programs", program);
        const files = readdirSync(source).map((name) => [name, readFileSync(path.join(source, name), "utf8")]);
        super(program, Object.fromEntries(files));
        this.cloud = path.join(this.folder, "cloud");
        mkdirSync(this.cloud);
        this.environment = { ...this.environment, CLOUD: this.cloud, ...variables };
    }

    /** A new stack of the program `items`, which declares what the given text does. */
    static async items(body = "", variables: NodeJS.ProcessEnv = {}): Promise<ItemStack> {
        const stack = new ItemStack("items", variables);
        stack.declare(body);
        await stack.engine().createStack("dev");
        return stack;
    }

    /** Replaces the program. `Item`, `Group` and `pulumi` are there. */
    declare(body: string): void {
        writeFileSync(
            path.join(this.folder, "index.js"),
            `const pulumi = require("@pulumi/pulumi");\nconst { Item, Group } = require("./item.js");\n${body}\n`,
        );
    }

    /** Runs `up` and expects it to succeed. */
    async up(options: RunOptions = {}): Promise<OperationSummary> {
        const summary = await this.run("up", options);
        if (!summary.result.succeeded) throw new Error(`up failed: ${summary.messages.join("\n")}`);
        return summary;
    }

    /** The items of the cloud, by key. */
    get live(): Record<string, Record<string, unknown>> {
        const files = readdirSync(this.cloud).filter((name) => name.endsWith(".json"));
        return Object.fromEntries(
            files.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(path.join(this.cloud, name), "utf8"))]),
        );
    }

    /** The calls that the provider got since the last question. */
    takeCalls(): string[] {
        const file = path.join(this.cloud, "calls.log");
        if (!existsSync(file)) return [];
        const calls = readFileSync(file, "utf8").trim().split("\n");
        rmSync(file);
        return calls;
    }

    setLive(key: string, value: Record<string, unknown> | undefined): void {
        const file = path.join(this.cloud, `${key}.json`);
        if (value === undefined) rmSync(file);
        else writeFileSync(file, JSON.stringify(value));
    }
}
