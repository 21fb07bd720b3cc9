import { join } from "node:path";
import { writeBackendFile } from "../state/backend-folder";
import type { OperationResult } from "./operation-result";
import type { StackSession } from "./stack-session";

/** The CLI's words for operations in a stack's history. */
export type UpdateKind = "update" | "refresh" | "destroy";

/** Adds an operation to the stack's history, and a copy of the state to its backups, as the CLI does after each (pkg/backend/diy). */
export function recordHistory(
    session: StackSession,
    kind: UpdateKind,
    startedAtMs: number,
    result: OperationResult,
): void {
    const { backend } = session.session;
    const { name } = session.stack;
    const state = session.store.currentText();
    const entry = {
        kind,
        startTime: Math.floor(startedAtMs / 1000),
        message: "",
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
