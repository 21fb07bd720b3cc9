import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunOptions } from "../../lib/engine";
import { type OperationSummary, TestStack } from "./test-stack";

/** A stack whose cloud is a folder of JSON files, one for each resource. Its provider logs each call there. */
export class FolderCloudStack extends TestStack {
    readonly cloud: string;

    constructor(name: string, files: Readonly<Record<string, string>>) {
        super(name, files);
        this.cloud = path.join(this.folder, "cloud");
        mkdirSync(this.cloud);
    }

    /** Runs `up` and expects it to succeed. */
    async up(options: RunOptions = {}): Promise<OperationSummary> {
        const summary = await this.run("up", options);
        if (!summary.result.succeeded) throw new Error(`up failed: ${summary.messages.join("\n")}`);
        return summary;
    }

    /** The resources of the cloud, by key. */
    get live(): Record<string, Record<string, unknown>> {
        const files = readdirSync(this.cloud).filter((name) => name.endsWith(".json"));
        return Object.fromEntries(
            files.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(path.join(this.cloud, name), "utf8"))]),
        );
    }

    /** Changes a resource outside the stack, or removes it. */
    setLive(key: string, value: Record<string, unknown> | undefined): void {
        const file = path.join(this.cloud, `${key}.json`);
        if (value === undefined) rmSync(file);
        else writeFileSync(file, JSON.stringify(value));
    }

    /** The calls that the provider got since the last question. */
    takeCalls(): string[] {
        const file = path.join(this.cloud, "calls.log");
        if (!existsSync(file)) return [];
        const calls = readFileSync(file, "utf8").trim().split("\n");
        rmSync(file);
        return calls.map((call) => call.trim());
    }
}
