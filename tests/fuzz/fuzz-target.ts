import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CommandFunction } from "../../lib/cli/command-io";
import { exitStatus } from "../../lib/cli/exit-status";
import type { Properties } from "../../lib/declaration";
import { UserError } from "../../lib/errors";
import { LocalCloudConfigurationError } from "../../lib/local-cloud";
import { run } from "../cli/in-process";

/** One reader of foreign data. */
export interface FuzzTarget {
    /** In kebab case: the folder of its corpus. */
    readonly name: string;
    /** Real inputs, from which others are made. */
    samples(): readonly string[] | Promise<readonly string[]>;
    open(): FuzzReader | Promise<FuzzReader>;
}

export interface FuzzReader {
    /** Reads one input. @throws the package's error */
    read(input: Buffer): unknown;
    close?(): void | Promise<void>;
}

/** What a text must not hold that people read: the words of defects. */
const defect =
    /^ +at .*[:(]\d+|internal error|This is a defect|Cannot (read|set) propert|Cannot convert \w+ to|Cannot destructure|is not a function|is not iterable|Maximum call stack|\[object Object\]|Invalid (array|string) length/m;

/** @returns the fault of a reader's result; `undefined` for a documented error */
export function defectOf(error: unknown): string | undefined {
    if (error instanceof AggregateError) return error.errors.map(defectOf).find((one) => one !== undefined);
    const isDocumented = error instanceof UserError || error instanceof LocalCloudConfigurationError;
    if (!isDocumented) return error instanceof Error ? (error.stack ?? String(error)) : String(error);
    return defectIn((error as Error).message);
}

export function defectIn(text: string): string | undefined {
    const found = defect.exec(text);
    return found === null ? undefined : `a text that people read has "${found[0]}": ${text.slice(0, 2000)}`;
}

export class Defect extends Error {}

/** Runs a command in this process. @throws Defect when it ends as a defect does */
export async function runCommand(command: CommandFunction, args: readonly string[], cwd: string): Promise<void> {
    const { status, stderr } = await run(command, args, { cwd, env: quietEnvironment(cwd), inProcess: true });
    if (status === exitStatus.internalError) throw new Defect(stderr);
    const wrong = defectIn(stderr);
    if (wrong !== undefined) throw new Defect(wrong);
}

/** An environment without credentials, whose files are below a folder. */
export const quietEnvironment = (folder: string): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH,
    HOME: folder,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "fuzz",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
});

export const newFolder = (): string => mkdtempSync(path.join(tmpdir(), "fuzz-"));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** An input as the properties of a resource; `undefined` for what is no object, and for what the engines' protocol does not carry. */
export function propertiesOf(input: Buffer): Properties | undefined {
    try {
        const value: unknown = JSON.parse(input.toString());
        const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
        return isObject && !isNested(value, 0) ? (value as Properties) : undefined;
    } catch {
        return undefined;
    }
}

/** Protocol buffers refuse messages of more than 100 levels; a level of ours takes three. */
const isNested = (value: unknown, depth: number): boolean =>
    depth > 33 ||
    (typeof value === "object" && value !== null && Object.values(value).some((child) => isNested(child, depth + 1)));
