import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { bucketEncryption } from "../../lib/cli/bucket-encryption-command";
import { run } from "../cli/in-process";
import type { BucketStack } from "../stacks/bucket-stack";

export const readJson = (file: string) => JSON.parse(readFileSync(file, "utf8"));

export const adoptState = (...args: string[]) => run(bucketEncryption, ["adopt-state", ...args]);

/** What `pulumi stack import` does with a deployment: the stack's checkpoint is that, and nothing else. */
export function importState({ state }: BucketStack, deployment: unknown): void {
    const checkpoint = path.join(state, ".pulumi", "stacks", "test-stack", "dev.json");
    const { version, checkpoint: present } = readJson(checkpoint);
    writeFileSync(checkpoint, JSON.stringify({ version, checkpoint: { ...present, latest: deployment } }));
    rmSync(`${checkpoint}.attrs`, { force: true });
}

/** Makes a TypeScript program the stack's. */
export function writeProgram({ folder }: BucketStack, text: string): void {
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
    writeFileSync(path.join(folder, "index.js"), outputText);
}
