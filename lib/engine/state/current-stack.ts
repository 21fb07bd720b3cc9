import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { DocumentShape } from "../../documents";
import { writing } from "../../errors";
import { makeFolder, replaceFile } from "../../files";
import type { Project } from "../project/project-file";

/** The CLI's own folder: PULUMI_HOME, else `~/.pulumi`. */
export const pulumiHome = (environment: NodeJS.ProcessEnv): string =>
    environment.PULUMI_HOME || join(homedir(), ".pulumi");

/** The selected stack: PULUMI_STACK, else the one selected last for this `Pulumi.yaml`. */
export function currentStackName(project: Project, environment: NodeJS.ProcessEnv): string | undefined {
    return environment.PULUMI_STACK ?? readWorkspace(workspaceFile(project, environment)).stack;
}

/** Selects a stack, for this engine and the CLI alike; undefined selects none. */
export function selectStack(project: Project, stack: string | undefined, environment: NodeJS.ProcessEnv): void {
    const file = workspaceFile(project, environment);
    const { stack: _previous, ...settings } = readWorkspace(file);
    const text = JSON.stringify(stack === undefined ? settings : { ...settings, stack }, null, 4);
    writing("state-not-written", file, () => {
        makeFolder(dirname(file), 0o700);
        replaceFile(file, text, 0o600);
    });
}

/** The backend that the CLI is logged in to (`current` in its credentials file), if it is. */
export function loggedInBackend(environment: NodeJS.ProcessEnv): string | undefined {
    const current = readWorkspace(join(pulumiHome(environment), "credentials.json")).current;
    return current === "" ? undefined : current;
}

/** Makes this the backend of the machine's user, for this engine and the CLI alike, as `pulumi login` does. */
export function logIn(url: string, environment: NodeJS.ProcessEnv): void {
    const file = join(pulumiHome(environment), "credentials.json");
    const text = JSON.stringify({ ...readWorkspace(file), current: url }, null, 4);
    writing("state-not-written", file, () => {
        makeFolder(dirname(file), 0o700);
        replaceFile(file, text, 0o600);
    });
}

/** `<project>-<SHA-1 of the path of Pulumi.yaml>-workspace.json` (pkg/workspace/workspace.go). */
function workspaceFile(project: Project, environment: NodeJS.ProcessEnv): string {
    const hash = createHash("sha1").update(project.file).digest("hex");
    return join(pulumiHome(environment), "workspaces", `${project.name}-${hash}-workspace.json`);
}

interface Workspace {
    readonly stack?: string;
    /** The backend, in the CLI's credentials file. */
    readonly current?: string;
}

const workspaceShape = new DocumentShape<Workspace>({
    type: "object",
    properties: { stack: { type: "string" }, current: { type: "string" } },
});

/** A file without usable content selects nothing, and the next selection replaces it. */
function readWorkspace(file: string): Workspace {
    try {
        const content: unknown = JSON.parse(readFileSync(file, "utf8"));
        return workspaceShape.matches(content) ? content : {};
    } catch {
        return {};
    }
}
