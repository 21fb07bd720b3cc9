import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DocumentShape, readJson } from "../../documents";
import { writeBackendFile } from "../state/backend-folder";
import type { OperationResult } from "./operation-result";
import type { StackSession } from "./stack-session";

/** The CLI's words for operations in a stack's history. */
export type UpdateKind = "update" | "refresh" | "destroy" | "resource-import";

/** Adds an operation to the stack's history, and a copy of the state to its backups, as the CLI does after each (pkg/backend/diy). */
export function recordHistory(
    session: StackSession,
    kind: UpdateKind,
    startedAtMs: number,
    result: OperationResult,
    message: string,
): void {
    const { backend } = session.session;
    const { name } = session.stack;
    const state = session.store.currentText();
    const entry = {
        kind,
        startTime: Math.floor(startedAtMs / 1000),
        message,
        environment: {},
        config: session.settings.historyConfig(),
        version: 0,
        result: result.succeeded ? "succeeded" : "failed",
        endTime: Math.floor(Date.now() / 1000),
        resourceChanges: result.changes,
    };
    const stamp = `${name}-${nanoseconds()}`;
    writeBackendFile(join(backend.historyFolder(session.stack), `${stamp}.history.json`), JSON.stringify(entry));
    writeBackendFile(join(backend.historyFolder(session.stack), `${stamp}.checkpoint.json`), state);
    writeBackendFile(join(backend.backupFolder(session.stack), `${name}.${nanoseconds()}.json`), state);
}

const nanoseconds = (): string => String(BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n));

/** One operation of a stack's history. */
export interface HistoryEntry {
    readonly kind: string;
    /** In seconds since 1970. */
    readonly startTime: number;
    readonly endTime: number;
    readonly message: string;
    readonly environment: Readonly<Record<string, string>>;
    /** As the settings file had it: secrets are encrypted. */
    readonly config: Readonly<Record<string, unknown>>;
    readonly version: number;
    readonly result: string;
    readonly resourceChanges: Readonly<Record<string, number>>;
}

const text = { type: "string" };
const number = { type: "number" };
const entryShape = new DocumentShape<Partial<HistoryEntry>>({
    type: "object",
    required: ["kind", "startTime", "result"],
    properties: {
        kind: text,
        startTime: number,
        endTime: number,
        message: text,
        environment: { type: ["object", "null"], additionalProperties: text },
        config: { type: ["object", "null"] },
        version: number,
        result: text,
        resourceChanges: { type: ["object", "null"], additionalProperties: number },
    },
});

/** A stack's operations, the last one first. @throws UserError `invalid-checkpoint` */
export function readHistory(session: StackSession): HistoryEntry[] {
    const folder = session.session.backend.historyFolder(session.stack);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).filter((name) => name.endsWith(".history.json"));
    return names
        .map((name) => ({ name, stamp: BigInt(/-(\d+)\.history\.json$/.exec(name)?.[1] ?? 0) }))
        .sort((one, other) => (one.stamp > other.stamp ? -1 : 1))
        .map(({ name }, index) => {
            const source = {
                kind: "invalid-checkpoint",
                title: "An entry of the stack's history",
                file: join(folder, name),
                cure: "Remove the named file. Only this entry of the history is lost.",
            } as const;
            const entry = readJson(entryShape, source);
            return {
                kind: entry.kind ?? "",
                startTime: entry.startTime ?? 0,
                endTime: entry.endTime ?? entry.startTime ?? 0,
                message: entry.message ?? "",
                environment: entry.environment ?? {},
                config: entry.config ?? {},
                // The CLI too numbers entries when it lists them.
                version: names.length - index,
                result: entry.result ?? "",
                resourceChanges: entry.resourceChanges ?? {},
            };
        });
}
