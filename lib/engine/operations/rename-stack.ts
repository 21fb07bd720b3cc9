import { existsSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { UserError, writing } from "../../errors";
import { makeFolder } from "../../files";
import { StackSettings } from "../project/stack-settings";
import type { DeploymentJson } from "../state/checkpoint-format";
import { CheckpointStore } from "../state/checkpoint-store";
import { StackLock } from "../state/stack-lock";
import { parseStackName, type StackReference } from "../state/stack-reference";
import { buildUrn, stackType } from "../urn";
import type { StackSession } from "./stack-session";

/**
 * Gives a stack another name: in its state, its settings file, its history and its backups (pkg/backend/diy, renameStack).
 * @returns the new name
 * @throws UserError `stack-exists`, `invalid-command`, `stack-locked`
 */
export function renameStack(session: StackSession, name: string): string {
    const { backend, project } = session.session;
    const { stack: old } = session;
    const renamed = parseStackName(name, project.name);
    const settings = StackSettings.fileOf(project, renamed.name);
    if (backend.exists(renamed) || existsSync(settings))
        throw new UserError(
            "stack-exists",
            `a stack named '${renamed.name}' or its settings file already exists`,
            { file: settings },
            { cure: "Choose another name." },
        );
    const locks = [StackLock.acquire(backend, old), StackLock.acquire(backend, renamed)];
    try {
        const { deployment } = session.store.recover();
        const moved = deployment === undefined ? undefined : withRenamedUrns(deployment, old, renamed);
        // The new stack is complete before the old one is removed: a crash in between leaves both.
        new CheckpointStore(backend, renamed).write(moved);
        moveFiles(backend.historyFolder(old), backend.historyFolder(renamed), `${old.name}-`, `${renamed.name}-`);
        moveFiles(backend.backupFolder(old), backend.backupFolder(renamed), `${old.name}.`, `${renamed.name}.`);
        if (existsSync(session.settings.file))
            writing("state-not-written", settings, () => renameSync(session.settings.file, settings));
        backend.remove(old);
    } finally {
        for (const lock of locks) lock.release();
    }
    return renamed.name;
}

/** A state in which every URN names the renamed stack. */
function withRenamedUrns(deployment: DeploymentJson, old: StackReference, renamed: StackReference): DeploymentJson {
    const prefix = (stack: StackReference): string => `urn:pulumi:${stack.name}::${stack.project}::`;
    const root = ({ name, project }: StackReference): string =>
        buildUrn(name, project, "", stackType, `${project}-${name}`);
    const rename = (value: unknown): unknown => {
        if (typeof value === "string") {
            if (value === root(old)) return root(renamed);
            return value.startsWith(prefix(old)) ? prefix(renamed) + value.slice(prefix(old).length) : value;
        }
        if (Array.isArray(value)) return value.map(rename);
        if (typeof value !== "object" || value === null) return value;
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item)]));
    };
    return rename(deployment) as DeploymentJson;
}

/** Moves the files of a folder that begin with the stack's name. */
function moveFiles(from: string, to: string, oldStart: string, newStart: string): void {
    if (!existsSync(from)) return;
    writing("state-not-written", to, () => {
        makeFolder(to);
        for (const name of readdirSync(from)) {
            if (name.startsWith(oldStart))
                renameSync(join(from, name), join(to, newStart + name.slice(oldStart.length)));
        }
    });
}
