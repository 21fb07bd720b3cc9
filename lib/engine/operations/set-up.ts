import { existsSync } from "node:fs";
import { UserError } from "../../errors";
import { loadProject, type Project } from "../project/project-file";
import { hasPassphrase } from "../secrets/passphrase-source";
import { BackendFolder, stateFolderOf } from "../state/backend-folder";
import { currentStackName, loggedInBackend } from "../state/current-stack";
import { parseStackName } from "../state/stack-reference";

/** The missing prerequisites of an operation. */
export type SetUpNeed =
    | { readonly what: "backend" }
    | { readonly what: "folder"; readonly folder: string }
    | { readonly what: "passphrase" }
    | { readonly what: "stack"; readonly name: string | undefined };

export interface SetUpQuestion {
    /** The project's folder, or one below it. */
    readonly folder: string;
    readonly environment: NodeJS.ProcessEnv;
    /** The stack that the command names. */
    readonly stack?: string | undefined;
    /** Whether the command needs a stack that exists; by default it does. */
    readonly needsStack?: boolean;
}

/**
 * Everything that is missing before a project's first operation, at once. A place that is no folder lacks nothing here: the operation
 * itself refuses it.
 * @throws UserError `project-not-found`, `invalid-project`
 */
export function setUpNeeds({ folder, environment, stack, needsStack = true }: SetUpQuestion): SetUpNeed[] {
    const project = loadProject(folder);
    const url = environment.PULUMI_BACKEND_URL || project.backendUrl || loggedInBackend(environment);
    if (url !== undefined && !url.startsWith("file://")) return [];
    const needs: SetUpNeed[] = [];
    const states = url === undefined ? undefined : stateFolderOf(url, folder);
    if (states === undefined) needs.push({ what: "backend" });
    else if (!existsSync(states)) needs.push({ what: "folder", folder: states });
    if (!hasPassphrase(environment)) needs.push({ what: "passphrase" });
    if (needsStack) {
        const name = stack ?? currentStackName(project, environment);
        const isThere =
            url !== undefined && !needs.some(({ what }) => what === "folder") && hasStack(url, folder, project, name);
        if (!isThere) needs.push({ what: "stack", name });
    }
    return needs;
}

function hasStack(url: string, workingFolder: string, project: Project, name: string | undefined): boolean {
    const backend = BackendFolder.open(url, workingFolder);
    // With other stacks at hand, the one to use must be selected, not made.
    if (name === undefined || name === "") return backend.stacks(project.name).length > 0;
    return backend.exists(parseStackName(name, project.name));
}

/** An error that names everything that is missing. */
export function notSetUp(needs: readonly SetUpNeed[]): UserError {
    const faults = needs.map((need) => `  - ${needText(need)}`);
    return new UserError("not-set-up", `The project is not set up for deployments:\n${faults.join("\n")}\n`);
}

function needText(need: SetUpNeed): string {
    switch (need.what) {
        case "backend":
            return "no place for states is set: set PULUMI_BACKEND_URL, for example to file://$PWD/states";
        case "folder":
            return `the state folder ${need.folder} does not exist`;
        case "passphrase":
            return "no passphrase is set: set PULUMI_CONFIG_PASSPHRASE, which encrypts the stack's secrets";
        case "stack":
            return need.name === undefined || need.name === ""
                ? "there is no stack"
                : `there is no stack '${need.name}'`;
    }
}
