import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { replaceFile } from "../../errors";
import type { Project } from "../project/project-file";

/** The CLI's own folder: PULUMI_HOME, else `~/.pulumi`. */
export const pulumiHome = (environment: NodeJS.ProcessEnv): string =>
    environment.PULUMI_HOME || join(homedir(), ".pulumi");

/** The stack that is used when none is named: PULUMI_STACK, else the one selected last for this `Pulumi.yaml`. */
export function currentStackName(project: Project, environment: NodeJS.ProcessEnv): string | undefined {
    return environment.PULUMI_STACK ?? (readWorkspace(workspaceFile(project, environment)).stack as string | undefined);
}

/** Selects a stack, for this engine and the CLI alike; undefined selects none. */
export function selectStack(project: Project, stack: string | undefined, environment: NodeJS.ProcessEnv): void {
    const file = workspaceFile(project, environment);
    const { stack: _previous, ...settings } = readWorkspace(file);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    replaceFile(file, JSON.stringify(stack === undefined ? settings : { ...settings, stack }, null, 4), 0o600);
}

/** The backend that the CLI is logged in to (`current` in its credentials file), if it is. */
export function loggedInBackend(environment: NodeJS.ProcessEnv): string | undefined {
    const current = readWorkspace(join(pulumiHome(environment), "credentials.json")).current;
    return typeof current === "string" && current !== "" ? current : undefined;
}

/** `<project>-<SHA-1 of the path of Pulumi.yaml>-workspace.json` (pkg/workspace/workspace.go). */
function workspaceFile(project: Project, environment: NodeJS.ProcessEnv): string {
    const hash = createHash("sha1").update(project.file).digest("hex");
    return join(pulumiHome(environment), "workspaces", `${project.name}-${hash}-workspace.json`);
}

function readWorkspace(file: string): Record<string, unknown> {
    if (!existsSync(file)) return {};
    try {
        return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    } catch {
        return {};
    }
}
