import { existsSync } from "node:fs";
import { UserError } from "../../errors";
import { loadProject, type Project } from "../project/project-file";
import { hasPassphrase } from "../secrets/passphrase-source";
import { BackendFolder, stateFolderOf } from "../state/backend-folder";
import { currentStackName, loggedInBackend } from "../state/current-stack";
import { parseStackName, type StackReference } from "../state/stack-reference";

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
    /** The stack that the command creates; any other command needs one that exists. */
    readonly creates?: string;
}

/**
 * Everything that is missing before a project's first operation, at once. A place that is no folder lacks nothing here: the operation
 * itself refuses it.
 * @throws UserError `project-not-found`, `invalid-project`, a stack's name that is not valid, and `stack-exists` for a stack that the command creates
 */
export function setUpNeeds({ folder, environment, stack, creates }: SetUpQuestion): SetUpNeed[] {
    const project = loadProject(folder);
    const url = environment.PULUMI_BACKEND_URL || project.backendUrl || loggedInBackend(environment);
    if (url !== undefined && !url.startsWith("file://")) return [];
    const name = creates ?? stack ?? currentStackName(project, environment);
    const named = name === undefined || name === "" ? undefined : parseStackName(name, project.name);
    const needs: SetUpNeed[] = [];
    const states = url === undefined ? undefined : stateFolderOf(url, folder);
    if (states === undefined) needs.push({ what: "backend" });
    else if (!existsSync(states)) needs.push({ what: "folder", folder: states });
    const backend = url === undefined || needs.length > 0 ? undefined : BackendFolder.open(url, folder);
    if (!hasPassphrase(environment)) needs.push({ what: "passphrase" });
    if (creates !== undefined && named !== undefined) backend?.expectNew(named);
    if (creates === undefined && !hasStack(backend, project, named)) needs.push({ what: "stack", name });
    return needs;
}

function hasStack(backend: BackendFolder | undefined, project: Project, stack: StackReference | undefined): boolean {
    if (backend === undefined) return false;
    // With other stacks at hand, the one to use must be selected, not made.
    return stack === undefined ? backend.stacks(project.name).length > 0 : backend.exists(stack);
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
